package dev.cloakproof.vision.face;

/** A place in a picture, in pixels; (0, 0) is the middle of the upper left pixel. */
public record Point(double x, double y) {}
