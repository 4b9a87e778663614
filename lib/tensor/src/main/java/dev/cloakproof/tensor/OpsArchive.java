package dev.cloakproof.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the TorchScript archive of {@code ops.torchscript}: the ops that DJL's Java API lacks, in the form that
 * libtorch loads without Python. Four stored zip entries are enough: a version, an empty tuple of constants, the code,
 * and a pickle that makes one {@code Ops} object with its {@code training} flag off.
 */
final class OpsArchive {
    private static final String SOURCE = "ops.torchscript";
    /** Pickle protocol 2: an empty tuple. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private OpsArchive() {}

    static byte[] build() {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            store(zip, "ops/version", "10\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "ops/constants.pkl", NO_CONSTANTS);
            store(zip, "ops/code/__torch__.py", source());
            store(zip, "ops/data.pkl", instance());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] source() throws IOException {
        try (InputStream in = OpsArchive.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IOException("the jar of lib/tensor lacks " + SOURCE);
            }
            return in.readAllBytes();
        }
    }

    /** The pickle of {@code Ops()} with state {@code {"training": False}}. */
    private static byte[] instance() {
        var pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes("c__torch__\nOps\n".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '('});
        pickle.writeBytes(new byte[] {'X', 8, 0, 0, 0});
        pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        return pickle.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        var crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
