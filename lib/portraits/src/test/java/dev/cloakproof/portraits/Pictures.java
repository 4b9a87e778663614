package dev.cloakproof.portraits;

import dev.cloakproof.tensor.image.Picture;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tests ask about pictures. */
public final class Pictures {
    private Pictures() {}

    /** The first eight bytes of the SHA-256 of the samples. */
    public static String hash(Picture picture) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(picture.rgb());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The mean of four neighbours in place of each four. */
    public static Picture half(Picture picture) {
        int size = picture.width() / 2;
        byte[] rgb = new byte[size * size * 3];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % size * 2;
            int y = i / 3 / size * 2;
            int sum = picture.sample(x, y, i % 3)
                    + picture.sample(x + 1, y, i % 3)
                    + picture.sample(x, y + 1, i % 3)
                    + picture.sample(x + 1, y + 1, i % 3);
            rgb[i] = (byte) ((sum + 2) / 4);
        }
        return Picture.of(size, size, rgb);
    }

    /** The mean difference of samples, in levels. */
    public static double distance(Picture one, Picture other) {
        byte[] a = one.rgb();
        byte[] b = other.rgb();
        long sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
        }
        return sum / (double) a.length;
    }
}
