package dev.cloakproof.pretraining.perception;

import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.image.Picture;

/** What makes a picture worse, under the names that LIQE has for it. Strengths run from 0 to 1. */
enum Blemish {
    BLUR("blur", Degradation.BLUR),
    NOISE("noise", Degradation.NOISE),
    PATTERN("noise", Degradation.PATTERN),
    JPEG("jpeg compression", Degradation.JPEG),
    SMALL("spatial", Degradation.SMALL),
    /** Coloured clouds and dents, as pictures of models have them that were trained on protected pictures. */
    MOTTLE("color", null) {
        @Override
        Picture of(Picture picture, double strength, Draws draws) {
            int side = picture.width();
            double[][] colours = new double[3][];
            for (int channel = 0; channel < 3; channel++) {
                colours[channel] = Ruin.field(side, 6 + draws.below(24), draws);
            }
            return Ruin.each(
                    picture, (level, channel, x, y) -> level + (6 + 90 * strength) * colours[channel][y * side + x]);
        }
    },
    FLAT("contrast", null) {
        @Override
        Picture of(Picture picture, double strength, Draws draws) {
            double left = 0.85 - 0.7 * strength;
            return Ruin.each(picture, (level, _, _, _) -> 128 + left * (level - 128));
        }
    },
    BRIGHT("overexposure", null) {
        @Override
        Picture of(Picture picture, double strength, Draws draws) {
            return Ruin.each(picture, (level, _, _, _) -> level * (1.15 + strength) + 10 + 60 * strength);
        }
    },
    DARK("underexposure", null) {
        @Override
        Picture of(Picture picture, double strength, Draws draws) {
            return Ruin.each(picture, (level, _, _, _) -> level * (0.8 - 0.7 * strength));
        }
    };

    private final String distortion;
    private final Degradation degradation;

    Blemish(String distortion, Degradation degradation) {
        this.distortion = distortion;
        this.degradation = degradation;
    }

    /** As LIQE's sentences call it. */
    String distortion() {
        return distortion;
    }

    Picture of(Picture picture, double strength, Draws draws) {
        return degradation.apply(picture, strength, draws.numbers());
    }
}
