package dev.cloakproof.tensor.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Rewrites a small zip archive the way one beyond 4 GiB is written. */
final class Zip64 {
    private static final int CENTRAL = 0x02014b50;
    private static final int END_LENGTH = 22;

    private Zip64() {}

    /** Moves every entry's sizes and place to a zip64 extra field and adds the zip64 end of the directory. */
    static byte[] of(byte[] archive) {
        ByteBuffer old = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        int end = archive.length - END_LENGTH;
        int entries = old.getShort(end + 10);
        int directory = old.getInt(end + 16);
        ByteBuffer result =
                ByteBuffer.allocate(archive.length + entries * 28 + 76).order(ByteOrder.LITTLE_ENDIAN);
        result.put(archive, 0, directory);
        int at = directory;
        while (old.getInt(at) == CENTRAL) {
            int length = 46 + old.getShort(at + 28);
            int central = result.position();
            result.put(archive, at, length);
            result.putShort((short) 1).putShort((short) 24);
            result.putLong(old.getInt(at + 24)).putLong(old.getInt(at + 20)).putLong(old.getInt(at + 42));
            result.putInt(central + 20, -1).putInt(central + 24, -1).putInt(central + 42, -1);
            result.putShort(central + 30, (short) 28);
            at += length + old.getShort(at + 30) + old.getShort(at + 32);
        }
        int end64 = result.position();
        result.putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        result.putLong(entries).putLong(entries).putLong(end64 - directory).putLong(directory);
        result.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        result.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
        result.putInt(-1).putInt(-1).putShort((short) 0);
        return Arrays.copyOf(result.array(), result.position());
    }
}
