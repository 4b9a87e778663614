package dev.cloakproof.tensor.weights;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A module of a TorchScript archive: only its attributes, none of its code.
 *
 * @param attributes by name: tensors, other modules, plain values
 */
record TorchModule(Map<String, Object> attributes) {
    TorchModule() {
        this(new LinkedHashMap<>());
    }
}
