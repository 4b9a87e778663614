package dev.cloakproof.tensor.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes torch's zip archives entry by entry, also those that torch would never write. */
final class TorchArchive {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private String compressed = "";

    /** The entry of a name that begins in no folder. */
    TorchArchive entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    TorchArchive pickle(byte[] pickle) {
        return entry("archive/data.pkl", pickle);
    }

    TorchArchive storage(String key, int bytes) {
        return entry("archive/data/" + key, new byte[bytes]);
    }

    TorchArchive byteOrder(String order) {
        return entry("archive/byteorder", order.getBytes(StandardCharsets.US_ASCII));
    }

    /** Has one entry compressed. */
    TorchArchive compressing(String name) {
        compressed = name;
        return this;
    }

    Path write(Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(header(entry.getKey(), entry.getValue()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private ZipEntry header(String name, byte[] content) {
        ZipEntry header = new ZipEntry(name);
        if (!name.equals(compressed)) {
            CRC32 crc = new CRC32();
            crc.update(content);
            header.setMethod(ZipEntry.STORED);
            header.setSize(content.length);
            header.setCrc(crc.getValue());
        }
        return header;
    }
}
