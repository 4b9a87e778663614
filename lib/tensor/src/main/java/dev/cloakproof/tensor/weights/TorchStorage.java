package dev.cloakproof.tensor.weights;

import java.util.Optional;

/**
 * A storage as a pickle refers to it; tensors are views of it.
 *
 * @param key its name in the file
 * @param type of its elements; empty for an untyped one, whose elements are bytes
 * @param elements how many the storage holds
 * @param base where this one begins within it, in elements: above 0 only in legacy files, where a storage may be a part
 *     of another
 */
record TorchStorage(String key, Optional<ElementType> type, long elements, long base) {
    /** Bytes of one element. */
    int width() {
        return type.map(ElementType::bytes).orElse(1);
    }
}
