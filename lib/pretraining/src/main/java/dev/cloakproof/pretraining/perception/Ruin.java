package dev.cloakproof.pretraining.perception;

import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.tensor.image.GaussianBlur;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;

/** What leaves of a face nothing that a person would call one: a detector must refuse it. */
enum Ruin {
    /** A blur of 10 to 16 hundredths of the side. */
    FOG {
        @Override
        Picture of(Picture picture, Draws draws) {
            return GaussianBlur.of(picture, (float) (picture.width() * draws.between(0.10, 0.16)));
        }
    },
    /** 3 to 6 pixels are left. */
    BLOCKS {
        @Override
        Picture of(Picture picture, Draws draws) {
            int side = 3 + draws.below(4);
            Resampling up = draws.chance(0.5) ? Resampling.NEAREST : Resampling.BICUBIC;
            return Resize.to(
                    Resize.to(picture, side, side, Resampling.BILINEAR), picture.width(), picture.height(), up);
        }
    },
    /** Noise over a picture of which 5 to 25 hundredths are left. */
    STATIC {
        @Override
        Picture of(Picture picture, Draws draws) {
            double left = draws.between(0.05, 0.25);
            double deviation = draws.between(60, 120);
            return each(
                    picture,
                    (level, _, _, _) -> 128
                            + left * (level - 128)
                            + deviation * draws.numbers().nextGaussian());
        }
    },
    /** Tiles of a fourth to an eighth of the side, exchanged. */
    TILES {
        @Override
        Picture of(Picture picture, Draws draws) {
            int count = 4 + draws.below(5);
            int tile = picture.width() / count;
            int[] order = new int[count * count];
            for (int i = 0; i < order.length; i++) {
                int other = draws.below(i + 1);
                order[i] = order[other];
                order[other] = i;
            }
            byte[] from = picture.rgb();
            byte[] to = from.clone();
            for (int i = 0; i < order.length; i++) {
                for (int row = 0; row < tile; row++) {
                    int source = ((order[i] / count * tile + row) * picture.width() + order[i] % count * tile) * 3;
                    int target = ((i / count * tile + row) * picture.width() + i % count * tile) * 3;
                    System.arraycopy(from, source, to, target, tile * 3);
                }
            }
            return Picture.of(picture.width(), picture.height(), to);
        }
    },
    /** Every place taken from somewhere within a fifth of the side, neighbours from neighbours. */
    WAVES {
        @Override
        Picture of(Picture picture, Draws draws) {
            int side = picture.width();
            double[] across = field(side, 5 + draws.below(6), draws);
            double[] down = field(side, 5 + draws.below(6), draws);
            double reach = side * draws.between(0.14, 0.22);
            byte[] from = picture.rgb();
            byte[] to = new byte[from.length];
            for (int i = 0; i < side * side; i++) {
                int x = (int) Math.clamp(i % side + reach * across[i], 0, side - 1);
                int y = (int) Math.clamp(i / side + reach * down[i], 0, side - 1);
                System.arraycopy(from, (y * side + x) * 3, to, 3 * i, 3);
            }
            return Picture.of(side, side, to);
        }
    },
    /** Coloured clouds that are stronger than the picture under them. */
    CLOUDS {
        @Override
        Picture of(Picture picture, Draws draws) {
            int side = picture.width();
            double[][] colours = new double[3][];
            for (int channel = 0; channel < 3; channel++) {
                colours[channel] = field(side, 8 + draws.below(12), draws);
            }
            double left = draws.between(0.05, 0.2);
            double strength = draws.between(70, 110);
            return each(
                    picture,
                    (level, channel, x, y) -> 128 + left * (level - 128) + strength * colours[channel][y * side + x]);
        }
    },
    /** A grid or stripes over what is left. */
    GRID {
        @Override
        Picture of(Picture picture, Draws draws) {
            double across = 2 * Math.PI / draws.between(3, 14);
            double down = draws.chance(0.3) ? 0 : 2 * Math.PI / draws.between(3, 14);
            double left = draws.between(0.05, 0.25);
            double[] colour = {draws.between(40, 110), draws.between(40, 110), draws.between(40, 110)};
            return each(
                    picture,
                    (level, channel, x, y) ->
                            128 + left * (level - 128) + colour[channel] * Math.sin(across * x) * Math.cos(down * y));
        }
    };

    interface Level {
        double of(double level, int channel, int x, int y);
    }

    abstract Picture of(Picture picture, Draws draws);

    /** Any of them. */
    static Picture any(Picture picture, Draws draws) {
        return values()[draws.below(values().length)].of(picture, draws);
    }

    /** Every sample changed by itself. */
    static Picture each(Picture picture, Level change) {
        byte[] rgb = picture.rgb();
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            double level = change.of(rgb[i] & 0xff, i % 3, pixel % picture.width(), pixel / picture.width());
            rgb[i] = (byte) Math.clamp(Math.round(level), 0, 255);
        }
        return Picture.of(picture.width(), picture.height(), rgb);
    }

    /** Smooth numbers of about -1 to 1 with {@code cells} humps along a side. */
    static double[] field(int side, int cells, Draws draws) {
        double[] nodes = new double[(cells + 2) * (cells + 2)];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = draws.between(-1, 1);
        }
        double[] field = new double[side * side];
        for (int i = 0; i < field.length; i++) {
            double x = (double) (i % side) / side * cells;
            double y = (double) (i / side) / side * cells;
            int at = (int) y * (cells + 2) + (int) x;
            double a = smooth(x - Math.floor(x));
            double b = smooth(y - Math.floor(y));
            field[i] = (1 - b) * ((1 - a) * nodes[at] + a * nodes[at + 1])
                    + b * ((1 - a) * nodes[at + cells + 2] + a * nodes[at + cells + 3]);
        }
        return field;
    }

    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }
}
