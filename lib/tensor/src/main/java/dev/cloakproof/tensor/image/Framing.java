package dev.cloakproof.tensor.image;

/**
 * Bringing a picture to a model's square: torchvision's {@code Resize(size)} and {@code CenterCrop(size)}, with its
 * roundings. Source: torchvision, {@code transforms/functional.py}.
 */
public final class Framing {
    private Framing() {}

    /**
     * Resizes so that the shorter side has the given length; the longer one keeps the proportion, rounded down.
     *
     * @param side the shorter side of the result in pixels, at least 1
     */
    public static Picture shorterSide(Picture source, int side, Resampling filter) {
        if (side < 1) {
            throw new IllegalArgumentException("a side is positive, found " + side);
        }
        boolean upright = source.width() <= source.height();
        int shorter = Math.min(source.width(), source.height());
        int longer = Math.max(source.width(), source.height());
        int newLonger = Math.toIntExact((long) side * longer / shorter);
        return upright ? Resize.to(source, side, newLonger, filter) : Resize.to(source, newLonger, side, filter);
    }

    /**
     * Crops the middle. An odd margin is split as Python rounds: half to even, so the smaller part lies before or after
     * by turns (a margin of 1 crops from 0, one of 3 from 2).
     *
     * @throws IllegalArgumentException if the picture is smaller: torchvision would pad with black, which no model here
     *     was trained on
     */
    public static Picture centreCrop(Picture source, int width, int height) {
        if (width < 1 || height < 1 || width > source.width() || height > source.height()) {
            throw new IllegalArgumentException("cannot crop " + width + "x" + height + " from " + source);
        }
        int left = (int) Math.rint((source.width() - width) / 2.0);
        int top = (int) Math.rint((source.height() - height) / 2.0);
        return source.crop(left, top, width, height);
    }

    /** {@link #shorterSide} and then a square {@link #centreCrop}: what the training sets and CLIP see. */
    public static Picture square(Picture source, int side, Resampling filter) {
        return centreCrop(shorterSide(source, side, filter), side, side);
    }
}
