package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Turns the object of a PyTorch file into named tensors: dictionaries, lists, tuples and modules are walked through,
 * their keys and indices joined with dots.
 *
 * <p>The object may be shaped to harm: hold itself, or hold a list twice that holds a list twice and so on. Depth, steps
 * and names are bounded, and every tensor is checked against its storage.
 */
final class StateReader {
    /** What a file that holds one tensor and no dictionary calls it. */
    static final String ROOT = "tensor";

    private static final int MAX_DEPTH = 64;
    /** With the longest of names a quarter of a gigabyte; a model with its optimiser takes some ten thousand. */
    private static final int MAX_STEPS = 1 << 18;

    private static final int MAX_NAME_LENGTH = 1024;

    private final MappedFile file;
    private final Function<TorchStorage, FileRange> storages;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, StridedView> views = new LinkedHashMap<>();
    private int steps;
    private long gathered;

    private StateReader(MappedFile file, Function<TorchStorage, FileRange> storages) {
        this.file = file;
        this.storages = storages;
    }

    /**
     * @param object what {@link TorchUnpickler} made of the pickle
     * @param storages finds where a storage's elements lie; the whole of it, checked against the file
     */
    static CheckpointContents read(MappedFile file, Object object, Function<TorchStorage, FileRange> storages) {
        StateReader reader = new StateReader(file, storages);
        reader.walk("", object, 0);
        return new CheckpointContents(reader.entries, reader.metadata, reader.views);
    }

    private void walk(String name, Object value, int depth) {
        if (depth > MAX_DEPTH || ++steps > MAX_STEPS || name.length() > MAX_NAME_LENGTH) {
            throw new CheckpointException(
                    Reason.TOO_LARGE,
                    file.path(),
                    "more than %d levels, %d objects or %d characters in a name"
                            .formatted(MAX_DEPTH, MAX_STEPS, MAX_NAME_LENGTH));
        }
        switch (value) {
            case TorchTensor tensor -> add(name.isEmpty() ? ROOT : name, tensor);
            case TorchModule module -> walkAll(name, module.attributes(), depth);
            case Map<?, ?> dictionary -> walkAll(name, dictionary, depth);
            case List<?> list -> walkAll(name, list, depth);
            case Object[] tuple -> walkAll(name, Arrays.asList(tuple), depth);
            case String text -> metadata.put(name, text);
            case Integer number -> metadata.put(name, number.toString());
            case Long number -> metadata.put(name, number.toString());
            case Double number -> metadata.put(name, number.toString());
            case Boolean flag -> metadata.put(name, flag.toString());
            case null -> {
                // None
            }
            default -> {
                // Bytes, a storage without a tensor: nothing to load.
            }
        }
    }

    private void walkAll(String name, Map<?, ?> children, int depth) {
        children.forEach((key, child) -> walk(joined(name, key.toString()), child, depth + 1));
    }

    private void walkAll(String name, List<?> children, int depth) {
        for (int i = 0; i < children.size(); i++) {
            walk(joined(name, Integer.toString(i)), children.get(i), depth + 1);
        }
    }

    private static String joined(String name, String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    private void add(String name, TorchTensor tensor) {
        FileRange storage = storages.apply(tensor.storage());
        long byteLength = checked(name, tensor);
        Optional<FileRange> stored = Optional.empty();
        if (byteLength == 0 || tensor.contiguous()) {
            long first = byteLength == 0
                    ? 0
                    : (tensor.storage().base() + tensor.offset())
                            * tensor.type().bytes();
            stored = Optional.of(new FileRange(storage.file(), storage.offset() + first, byteLength));
        } else {
            views.put(name, view(name, tensor, storage, byteLength));
        }
        TensorEntry entry = new TensorEntry(name, tensor.type(), tensor.shape(), stored);
        if (entries.put(name, entry) != null) {
            throw file.malformed("two tensors have the name '" + name + "'");
        }
    }

    private StridedView view(String name, TorchTensor tensor, FileRange storage, long byteLength) {
        // An expanded tensor has strides of 0, so a few bytes can claim to be terabytes. Views without that trick add
        // up
        // to no more than the file.
        long room = file.size() - gathered;
        gathered += byteLength;
        if (byteLength > room) {
            throw new CheckpointException(
                    Reason.TOO_LARGE,
                    file.path(),
                    "tensor '%s' of %d bytes is a view of %d; all views would take %d, more than the file's %d"
                            .formatted(name, byteLength, storage.length(), gathered, file.size()));
        }
        return new StridedView(
                file.slice(storage.offset(), storage.length(), "the storage of '" + name + "'"),
                tensor.storage().base() + tensor.offset(),
                tensor.shape(),
                tensor.strides(),
                tensor.type());
    }

    /** The tensor's bytes, once it is known to lie within its storage. */
    private long checked(String name, TorchTensor tensor) {
        List<Long> shape = tensor.shape();
        List<Long> strides = tensor.strides();
        long byteLength = TensorSize.bytes(tensor.type(), shape)
                .orElseThrow(() -> file.malformed("tensor '" + name + "' has the impossible shape " + shape));
        if (shape.size() != strides.size() || strides.stream().anyMatch(stride -> stride < 0)) {
            throw file.malformed("tensor '%s' has the shape %s and the strides %s".formatted(name, shape, strides));
        }
        if (byteLength > 0 && lastElement(tensor) >= tensor.storage().elements()) {
            throw file.malformed(
                    "tensor '%s' of shape %s, strides %s and offset %d reaches out of its storage of %d elements"
                            .formatted(
                                    name,
                                    shape,
                                    strides,
                                    tensor.offset(),
                                    tensor.storage().elements()));
        }
        return byteLength;
    }

    /** The index in the root storage of the element farthest in; the greatest of all numbers if it has none. */
    private static long lastElement(TorchTensor tensor) {
        if (tensor.storage().base() < 0 || tensor.offset() < 0) {
            return Long.MAX_VALUE;
        }
        try {
            long last = Math.addExact(tensor.storage().base(), tensor.offset());
            for (int side = 0; side < tensor.shape().size(); side++) {
                long steps = tensor.shape().get(side) - 1;
                last = Math.addExact(
                        last, Math.multiplyExact(steps, tensor.strides().get(side)));
            }
            return last;
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
