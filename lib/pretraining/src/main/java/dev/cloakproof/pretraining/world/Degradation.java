package dev.cloakproof.pretraining.world;

import dev.cloakproof.tensor.image.GaussianBlur;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import java.util.SplittableRandom;

/** What makes a picture worse. Strengths run from 0, hardly to be seen, to 1, hardly to be recognised. */
public enum Degradation {
    /** Gaussian blur with a radius of 0.5 to 4 hundredths of the side. */
    BLUR("blur") {
        @Override
        Picture of(Picture picture, double strength, SplittableRandom random) {
            return GaussianBlur.of(picture, (float) (picture.width() * (0.005 + 0.035 * strength)));
        }
    },
    /** Independent Gaussian noise with a standard deviation of 4 to 60 levels. */
    NOISE("noise") {
        @Override
        Picture of(Picture picture, double strength, SplittableRandom random) {
            double deviation = 4 + 56 * strength;
            return changed(picture, () -> deviation * random.nextGaussian());
        }
    },
    /** Every sample up or down by the same 4 to 32 levels, as a perturbation without a purpose. */
    PATTERN("noisy pattern") {
        @Override
        Picture of(Picture picture, double strength, SplittableRandom random) {
            double step = 4 + 28 * strength;
            return changed(picture, () -> random.nextBoolean() ? step : -step);
        }
    },
    /** JPEG of quality 40 down to 3. */
    JPEG("jpeg compression") {
        @Override
        Picture of(Picture picture, double strength, SplittableRandom random) {
            int quality = (int) Math.round(40 - 37 * strength);
            return PictureReader.DEFAULT.read(PictureWriter.jpeg(picture, quality));
        }
    },
    /** Made smaller by 1.5 to 8 and enlarged again. */
    SMALL("pixelation") {
        @Override
        Picture of(Picture picture, double strength, SplittableRandom random) {
            int side = (int) Math.max(4, Math.round(picture.width() / (1.5 + 6.5 * strength)));
            Resampling up = random.nextBoolean() ? Resampling.BICUBIC : Resampling.BILINEAR;
            return Resize.to(
                    Resize.to(picture, side, side, Resampling.BILINEAR), picture.width(), picture.height(), up);
        }
    };

    private interface Change {
        double next();
    }

    private final String words;

    Degradation(String words) {
        this.words = words;
    }

    /** As captions call it. */
    public String words() {
        return words;
    }

    /** @param strength 0 to 1 */
    public Picture apply(Picture picture, double strength, SplittableRandom random) {
        return of(picture, strength, random);
    }

    abstract Picture of(Picture picture, double strength, SplittableRandom random);

    private static Picture changed(Picture picture, Change change) {
        byte[] samples = picture.rgb();
        byte[] worse = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            worse[i] = (byte) Math.clamp(Math.round((samples[i] & 0xff) + change.next()), 0, 255);
        }
        return Picture.of(picture.width(), picture.height(), worse);
    }
}
