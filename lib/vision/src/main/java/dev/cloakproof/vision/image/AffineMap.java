package dev.cloakproof.vision.image;

/** (x, y) -> (xx * x + xy * y + x0, yx * x + yy * y + y0), in pixels. */
public record AffineMap(double xx, double xy, double x0, double yx, double yy, double y0) {
    public double x(double x, double y) {
        return xx * x + xy * y + x0;
    }

    public double y(double x, double y) {
        return yx * x + yy * y + y0;
    }

    /** The map back. @throws IllegalArgumentException if this one flattens the plane */
    public AffineMap inverse() {
        double determinant = xx * yy - xy * yx;
        if (determinant == 0 || !Double.isFinite(determinant)) {
            throw new IllegalArgumentException(this + " has no inverse");
        }
        // Multiplied, not divided, in OpenCV's order: its warps round places, so the last bit can show.
        double reciprocal = 1 / determinant;
        double a = yy * reciprocal;
        double b = xy * -reciprocal;
        double c = yx * -reciprocal;
        double d = xx * reciprocal;
        return new AffineMap(a, b, -a * x0 - b * y0, c, d, -c * x0 - d * y0);
    }

    /** This map, then everything {@code factor} times as far from the origin. */
    public AffineMap scaled(double factor) {
        return new AffineMap(xx * factor, xy * factor, x0 * factor, yx * factor, yy * factor, y0 * factor);
    }

    /** This map, then a move. */
    public AffineMap moved(double dx, double dy) {
        return new AffineMap(xx, xy, x0 + dx, yx, yy, y0 + dy);
    }
}
