package dev.cloakproof.pretraining.perception;

import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.image.Picture;

/** What happens to pictures on their way: other colours, something in front, blur, noise, compression. */
final class Wear {
    private Wear() {}

    /** Brightness, contrast and the balance of colours. */
    static Picture coloured(Picture picture, Draws draws) {
        double contrast = draws.between(0.75, 1.25);
        double brightness = draws.between(-25, 25);
        double[] gain = {draws.between(0.9, 1.1), draws.between(0.9, 1.1), draws.between(0.9, 1.1)};
        byte[] rgb = picture.rgb();
        for (int i = 0; i < rgb.length; i++) {
            double level = ((rgb[i] & 0xff) * gain[i % 3] - 128) * contrast + 128 + brightness;
            rgb[i] = (byte) Math.clamp(Math.round(level), 0, 255);
        }
        return Picture.of(picture.width(), picture.height(), rgb);
    }

    /** A rectangle of one colour, up to {@code most} of either side. */
    static Picture covered(Picture picture, double most, Draws draws) {
        int width = (int) Math.max(1, picture.width() * draws.between(0.05, most));
        int height = (int) Math.max(1, picture.height() * draws.between(0.05, most));
        int left = draws.below(picture.width() - width + 1);
        int top = draws.below(picture.height() - height + 1);
        byte[] colour = {(byte) draws.below(256), (byte) draws.below(256), (byte) draws.below(256)};
        byte[] rgb = picture.rgb();
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                System.arraycopy(colour, 0, rgb, (y * picture.width() + x) * 3, 3);
            }
        }
        return Picture.of(picture.width(), picture.height(), rgb);
    }

    /** One degradation, up to {@code most} strong. */
    static Picture worse(Picture picture, double most, Draws draws) {
        Degradation how = Degradation.values()[draws.below(Degradation.values().length)];
        return how.apply(picture, draws.between(0, most), draws.numbers());
    }

    /** The left and the right exchanged. */
    static Picture mirrored(Picture picture) {
        int width = picture.width();
        byte[] from = picture.rgb();
        byte[] to = new byte[from.length];
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(from, (y * width + x) * 3, to, (y * width + width - 1 - x) * 3, 3);
            }
        }
        return Picture.of(width, picture.height(), to);
    }
}
