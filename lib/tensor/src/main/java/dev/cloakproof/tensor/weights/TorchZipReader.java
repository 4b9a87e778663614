package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what {@code torch.save} has written since torch 1.6, and TorchScript archives: a zip of data.pkl and one stored
 * entry per storage, data/KEY, all in one folder of any name.
 *
 * <p>Checksums of storages are not looked at, which would read the whole file. Source: PyTorch,
 * {@code torch/serialization.py} and {@code caffe2/serialize/inline_container.cc}.
 */
final class TorchZipReader {
    private static final String PICKLE = "/data.pkl";
    private static final String BYTE_ORDER = "/byteorder";
    private static final int LONGEST_BYTE_ORDER = 16;

    private final MappedFile file;
    private final StoredZip zip;
    private final String folder;

    private TorchZipReader(MappedFile file, StoredZip zip, String folder) {
        this.file = file;
        this.zip = zip;
        this.folder = folder;
    }

    static CheckpointContents read(MappedFile file) {
        StoredZip zip = StoredZip.read(file);
        TorchZipReader reader = new TorchZipReader(file, zip, folder(file, zip));
        reader.checkByteOrder();
        PickleInput pickle = new PickleInput(zip.content(reader.folder + PICKLE, TorchUnpickler.MAX_LENGTH));
        Object object = TorchUnpickler.read(file.path(), pickle, storage -> {});
        return StateReader.read(file, object, reader::storage);
    }

    private static String folder(MappedFile file, StoredZip zip) {
        List<String> folders = new ArrayList<>();
        for (String name : zip.names()) {
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                folders.add(name.substring(0, name.length() - PICKLE.length()));
            }
        }
        if (folders.isEmpty()) {
            throw new CheckpointException(
                    Reason.UNKNOWN_FORMAT, file.path(), "a zip archive, but without torch's FOLDER/data.pkl");
        }
        if (folders.size() > 1) {
            throw file.malformed("the archive has data.pkl in " + folders + ", expected one");
        }
        return folders.getFirst();
    }

    /** Files written before torch 2.1 don't say; they come from little-endian machines. */
    private void checkByteOrder() {
        if (zip.contains(folder + BYTE_ORDER)) {
            byte[] order = zip.content(folder + BYTE_ORDER, LONGEST_BYTE_ORDER).toArray(ValueLayout.JAVA_BYTE);
            if (!new String(order, StandardCharsets.US_ASCII).equals("little")) {
                throw new CheckpointException(Reason.UNSUPPORTED, file.path(), "the storages are not little endian");
            }
        }
    }

    private FileRange storage(TorchStorage storage) {
        FileRange range = zip.range(folder + "/data/" + storage.key());
        if (storage.elements() < 0 || storage.elements() > range.length() / storage.width()) {
            throw file.malformed("storage '%s' has %d elements of %d bytes, its entry only %d bytes"
                    .formatted(storage.key(), storage.elements(), storage.width(), range.length()));
        }
        return range;
    }
}
