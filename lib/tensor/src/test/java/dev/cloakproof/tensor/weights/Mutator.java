package dev.cloakproof.tensor.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages valid files a little: the damage that parsers trip over, the same for the same seed. */
public final class Mutator {
    private static final long[] LIMITS = {
        0,
        1,
        -1,
        Byte.MAX_VALUE,
        0xff,
        Short.MAX_VALUE,
        0xffff,
        Integer.MAX_VALUE,
        0xffff_ffffL,
        Integer.MIN_VALUE,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        100_000_000,
        1L << 40
    };

    private final SplittableRandom random;

    public Mutator(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A damaged copy, by one to four strokes. */
    public byte[] mutate(byte[] original) {
        byte[] bytes = original.clone();
        for (int stroke = random.nextInt(1, 5); stroke > 0 && bytes.length > 0; stroke--) {
            bytes = stroke(bytes);
        }
        return bytes;
    }

    private byte[] stroke(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(9)) {
            case 0 -> with(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
            case 1 -> with(bytes, at, (byte) random.nextInt(256));
            case 2 -> with(bytes, at, bytes[random.nextInt(bytes.length)]);
            case 3 -> Arrays.copyOf(bytes, at);
            case 4 -> spliced(bytes, at, at + random.nextInt(Math.min(16, bytes.length - at) + 1), new byte[0]);
            case 5 -> spliced(bytes, at, at, piece(bytes));
            case 6 -> spliced(bytes, at, Math.min(bytes.length, at + 8), piece(bytes));
            case 7 -> number(bytes, at, Integer.BYTES);
            default -> number(bytes, at, Long.BYTES);
        };
    }

    private byte[] piece(byte[] bytes) {
        int from = random.nextInt(bytes.length);
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(1, 33)));
    }

    private byte[] number(byte[] bytes, int at, int width) {
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(LIMITS[random.nextInt(LIMITS.length)])
                .array();
        return spliced(bytes, at, Math.min(bytes.length, at + width), Arrays.copyOf(number, width));
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        bytes[at] = value;
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
        ByteBuffer result = ByteBuffer.allocate(bytes.length - (to - from) + middle.length);
        return result.put(bytes, 0, from)
                .put(middle)
                .put(bytes, to, bytes.length - to)
                .array();
    }
}
