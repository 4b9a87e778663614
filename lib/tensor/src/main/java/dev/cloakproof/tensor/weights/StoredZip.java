package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The directory of a zip archive, to find where in the file its uncompressed entries lie. The JDK's reader does not tell.
 *
 * <p>Reads zip64, which torch writes beyond 4 GiB; refuses multi-disk archives. Source: PKWARE, APPNOTE.TXT 6.3.
 */
final class StoredZip {
    private static final long END = 0x06054b50;
    private static final long END_64 = 0x06064b50;
    private static final long END_64_LOCATOR = 0x07064b50;
    private static final long CENTRAL = 0x02014b50;
    private static final long LOCAL = 0x04034b50;
    private static final int END_LENGTH = 22;
    private static final int END_64_LOCATOR_LENGTH = 20;
    private static final int CENTRAL_LENGTH = 46;
    private static final int LOCAL_LENGTH = 30;
    private static final int MAX_COMMENT = 0xffff;
    private static final long IN_ZIP64_EXTRA = 0xffff_ffffL;
    private static final int ZIP64_EXTRA = 1;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;

    /** A storage each, and a model has some thousands. */
    private static final long MAX_ENTRIES = 1 << 18;

    private record Entry(String name, int flags, int method, long crc, long compressed, long size, long header) {}

    private record Directory(long offset, long length, long entries) {}

    private final MappedFile file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private StoredZip(MappedFile file) {
        this.file = file;
    }

    static StoredZip read(MappedFile file) {
        StoredZip zip = new StoredZip(file);
        zip.directory(zip.end());
        return zip;
    }

    /** The names of the entries, in the directory's order. */
    Iterable<String> names() {
        return entries.keySet();
    }

    boolean contains(String name) {
        return entries.containsKey(name);
    }

    /** Where an entry's bytes lie. Refuses a compressed or encrypted one; does not read it. */
    FileRange range(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw file.malformed("the archive has no entry '" + name + "'");
        }
        if (entry.method() != STORED || (entry.flags() & ENCRYPTED) != 0) {
            throw new CheckpointException(
                    Reason.UNSUPPORTED,
                    file.path(),
                    "the entry '%s' is %s; torch stores its entries plainly"
                            .formatted(name, entry.method() != STORED ? "compressed" : "encrypted"));
        }
        if (file.u32(entry.header()) != LOCAL || entry.compressed() != entry.size()) {
            throw file.malformed("the entry '" + name + "' has no header where the directory says, or two sizes");
        }
        // The local header repeats the name and pads with an extra field of its own: torch aligns data to 64 bytes so.
        long data = entry.header() + LOCAL_LENGTH + file.u16(entry.header() + 26) + file.u16(entry.header() + 28);
        file.slice(data, entry.size(), "the entry '" + name + "'");
        return new FileRange(file.path(), data, entry.size());
    }

    /** A small entry's bytes, checked against its checksum. */
    MemorySegment content(String name, long maxLength) {
        FileRange range = range(name);
        if (range.length() > maxLength) {
            throw new CheckpointException(
                    Reason.TOO_LARGE,
                    file.path(),
                    "the entry '%s' has %d bytes, at most %d are read".formatted(name, range.length(), maxLength));
        }
        MemorySegment bytes = file.slice(range.offset(), range.length(), name);
        CRC32 crc = new CRC32();
        crc.update(bytes.asByteBuffer());
        if (crc.getValue() != entries.get(name).crc()) {
            throw file.malformed("the entry '%s' has the checksum %08x, expected %08x"
                    .formatted(name, crc.getValue(), entries.get(name).crc()));
        }
        return bytes;
    }

    private Directory end() {
        long last = file.size() - END_LENGTH;
        for (long at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
            if (file.u32(at) == END && file.u16(at + 20) == last - at) {
                return directoryAt(at);
            }
        }
        throw new CheckpointException(
                Reason.TRUNCATED, file.path(), "a zip archive whose directory, at its end, is missing");
    }

    private Directory directoryAt(long end) {
        long locator = end - END_64_LOCATOR_LENGTH;
        if (locator >= 0 && file.u32(locator) == END_64_LOCATOR) {
            long end64 = file.i64(locator + 8);
            if (end64 < 0 || end64 > file.size() - 56 || file.u32(end64) != END_64) {
                throw file.malformed("the zip64 directory's end is not where its locator says");
            }
            return new Directory(file.i64(end64 + 48), file.i64(end64 + 40), file.i64(end64 + 32));
        }
        return new Directory(file.u32(end + 16), file.u32(end + 12), file.u16(end + 10));
    }

    private void directory(Directory directory) {
        if (directory.entries() < 0
                || directory.entries() > MAX_ENTRIES
                || directory.entries() > directory.length() / CENTRAL_LENGTH) {
            throw new CheckpointException(
                    Reason.TOO_LARGE,
                    file.path(),
                    "the archive claims %d entries in a directory of %d bytes"
                            .formatted(directory.entries(), directory.length()));
        }
        file.slice(directory.offset(), directory.length(), "the archive's directory");
        long at = directory.offset();
        for (long i = 0; i < directory.entries(); i++) {
            if (file.u32(at) != CENTRAL) {
                throw file.malformed(
                        "the archive's directory ends after %d of %d entries".formatted(i, directory.entries()));
            }
            int nameLength = file.u16(at + 28);
            int extraLength = file.u16(at + 30);
            Entry entry = entry(at, nameLength, extraLength);
            if (entries.put(entry.name(), entry) != null) {
                throw file.malformed("the archive has the entry '" + entry.name() + "' twice");
            }
            at += CENTRAL_LENGTH + nameLength + extraLength + file.u16(at + 32);
        }
    }

    private Entry entry(long at, int nameLength, int extraLength) {
        byte[] name =
                file.slice(at + CENTRAL_LENGTH, nameLength, "an entry's name").toArray(ValueLayout.JAVA_BYTE);
        long size = file.u32(at + 24);
        long compressed = file.u32(at + 20);
        long header = file.u32(at + 42);
        if (size == IN_ZIP64_EXTRA || compressed == IN_ZIP64_EXTRA || header == IN_ZIP64_EXTRA) {
            long field = zip64Extra(at + CENTRAL_LENGTH + nameLength, extraLength);
            // Holds only those that did not fit, in this order.
            if (size == IN_ZIP64_EXTRA) {
                size = file.i64(field);
                field += Long.BYTES;
            }
            if (compressed == IN_ZIP64_EXTRA) {
                compressed = file.i64(field);
                field += Long.BYTES;
            }
            if (header == IN_ZIP64_EXTRA) {
                header = file.i64(field);
            }
        }
        return new Entry(
                new String(name, StandardCharsets.UTF_8),
                file.u16(at + 8),
                file.u16(at + 10),
                file.u32(at + 16),
                compressed,
                size,
                header);
    }

    private long zip64Extra(long extra, int length) {
        for (long at = extra; at + 4 <= extra + length; at += 4 + file.u16(at + 2)) {
            if (file.u16(at) == ZIP64_EXTRA) {
                return at + 4;
            }
        }
        throw file.malformed("an entry beyond 4 GiB lacks its zip64 sizes");
    }
}
