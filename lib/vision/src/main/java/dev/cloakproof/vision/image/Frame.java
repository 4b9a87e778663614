package dev.cloakproof.vision.image;

/** A part of a picture: whole pixels from (left, top) on. */
public record Frame(int left, int top, int width, int height) {
    public Frame {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a frame is not empty, found " + width + "x" + height);
        }
    }

    public static Frame of(int width, int height) {
        return new Frame(0, 0, width, height);
    }
}
