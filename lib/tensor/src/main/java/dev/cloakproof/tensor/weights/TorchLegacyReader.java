package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@code torch.save} wrote before torch 1.6: a stream of five pickles (magic number, protocol version,
 * description of the machine, the object, the storages' keys), then each storage as a count and its elements.
 *
 * <p>Source: PyTorch, {@code _legacy_save} and {@code _legacy_load} in {@code torch/serialization.py}.
 */
final class TorchLegacyReader {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;

    private TorchLegacyReader() {}

    static CheckpointContents read(MappedFile file) {
        // 1. Magic number, protocol, machine, and the object
        PickleInput stream = new PickleInput(file.bytes());
        checkMagic(file, next(file, stream));
        checkMachine(file, next(file, stream), next(file, stream));
        Map<String, TorchStorage> referenced = new HashMap<>();
        Object object = TorchUnpickler.read(file.path(), stream, storage -> reference(file, referenced, storage));
        // 2. The keys, in the order the storages follow
        if (!(next(file, stream) instanceof List<?> keys)) {
            throw file.malformed("the list of storage keys is missing");
        }
        // 3. The storages
        Map<String, FileRange> places = places(file, keys, referenced, stream.position());
        return StateReader.read(file, object, storage -> {
            FileRange place = places.get(storage.key());
            if (place == null) {
                throw file.malformed("storage '" + storage.key() + "' is referred to but not in the file");
            }
            return place;
        });
    }

    private static Object next(MappedFile file, PickleInput stream) {
        return TorchUnpickler.read(file.path(), stream, storage -> {
            throw file.malformed("a storage outside the object's pickle");
        });
    }

    private static void checkMagic(MappedFile file, Object magic) {
        if (!MAGIC.equals(magic)) {
            throw new CheckpointException(
                    Reason.UNKNOWN_FORMAT, file.path(), "a pickle, but not one of torch: its magic number is missing");
        }
    }

    private static void checkMachine(MappedFile file, Object protocol, Object machine) {
        if (!(protocol instanceof Number version) || version.longValue() != PROTOCOL) {
            throw new CheckpointException(Reason.UNSUPPORTED, file.path(), "legacy protocol other than " + PROTOCOL);
        }
        if (!(machine instanceof Map<?, ?> facts) || !Boolean.TRUE.equals(facts.get("little_endian"))) {
            throw new CheckpointException(Reason.UNSUPPORTED, file.path(), "the storages are not little endian");
        }
    }

    private static void reference(MappedFile file, Map<String, TorchStorage> referenced, TorchStorage storage) {
        TorchStorage earlier = referenced.put(storage.key(), storage);
        if (earlier != null && (!earlier.type().equals(storage.type()) || earlier.elements() != storage.elements())) {
            throw file.malformed("storage '" + storage.key() + "' is referred to in two ways");
        }
    }

    /** Walks over the storages. Only the references tell how wide an element is, so each key must have one. */
    private static Map<String, FileRange> places(
            MappedFile file, List<?> keys, Map<String, TorchStorage> referenced, long start) {
        Map<String, FileRange> places = new HashMap<>();
        long at = start;
        for (Object key : keys) {
            TorchStorage storage = key instanceof String name ? referenced.get(name) : null;
            if (storage == null) {
                throw file.malformed("a storage is in the file but not referred to");
            }
            long elements = file.i64(at);
            at += Long.BYTES;
            if (elements < 0 || elements != storage.elements()) {
                throw file.malformed("storage '%s' has %d elements, the object expects %d"
                        .formatted(storage.key(), elements, storage.elements()));
            }
            if (elements > (file.size() - at) / storage.width()) {
                throw new CheckpointException(
                        Reason.TRUNCATED,
                        file.path(),
                        "storage '%s' takes %d elements of %d bytes at %d, the file has %d bytes"
                                .formatted(storage.key(), elements, storage.width(), at, file.size()));
            }
            long length = elements * storage.width();
            places.put(storage.key(), new FileRange(file.path(), at, length));
            at += length;
        }
        return places;
    }
}
