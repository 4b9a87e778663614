package dev.cloakproof.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.image.Picture;

/** Compares pictures level by level. */
public final class GreyLevels {
    private GreyLevels() {}

    /** Every sample of {@code found} is within {@code levels} of its twin. */
    public static void within(int levels, String name, Picture found, Picture expected) {
        assertThat(found.width() + "x" + found.height()).as(name).isEqualTo(expected.width() + "x" + expected.height());
        byte[] a = found.rgb();
        byte[] b = expected.rgb();
        int worst = 0;
        int different = 0;
        for (int i = 0; i < a.length; i++) {
            int difference = Math.abs((a[i] & 0xff) - (b[i] & 0xff));
            worst = Math.max(worst, difference);
            different += difference > 0 ? 1 : 0;
        }
        assertThat(worst)
                .as("%s: %d of %d samples differ", name, different, a.length)
                .isLessThanOrEqualTo(levels);
    }

    /** Every {@code step}-th pixel of a part of a picture. */
    public static Picture every(int step, Picture picture) {
        int width = Math.ceilDiv(picture.width(), step);
        int height = Math.ceilDiv(picture.height(), step);
        byte[] from = picture.rgb();
        byte[] to = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(from, (y * step * picture.width() + x * step) * 3, to, (y * width + x) * 3, 3);
            }
        }
        return Picture.of(width, height, to);
    }
}
