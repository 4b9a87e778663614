package dev.cloakproof.portraits;

/** Cheap functions of the plane that painters use for texture and soft edges; the same bits everywhere. */
public final class Noise {
    private Noise() {}

    /** Smooth value noise, 0 to 1; its grain is about 1 wide. */
    public static float value(float x, float y, int salt) {
        float fx = floor(x);
        float fy = floor(y);
        int ix = (int) fx;
        int iy = (int) fy;
        float u = x - fx;
        float v = y - fy;
        u = u * u * (3 - 2 * u);
        v = v * v * (3 - 2 * v);
        float top = corner(ix, iy, salt) * (1 - u) + corner(ix + 1, iy, salt) * u;
        float bottom = corner(ix, iy + 1, salt) * (1 - u) + corner(ix + 1, iy + 1, salt) * u;
        return top * (1 - v) + bottom * v;
    }

    /** A number of the grid point, 0 to 1. */
    public static float corner(int x, int y, int salt) {
        int h = x * 0x27d4eb2d ^ y * 0x165667b1 ^ salt * 0x9e3779b1;
        h = (h ^ h >>> 15) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return ((h ^ h >>> 16) >>> 8) * 0x1p-24f;
    }

    /** A sine-like wave of period 1 between -1 and 1, built of parabolas (at most 0.06 off the sine). */
    public static float wave(float turns) {
        float t = turns - floor(turns);
        float u = t < 0.5f ? t * 4 - 1 : t * 4 - 3;
        float arch = 1 - u * u;
        return t < 0.5f ? arch : -arch;
    }

    /** 0 below one edge, 1 above the other, smooth between. */
    public static float step(float low, float high, float x) {
        float t = (x - low) / (high - low);
        if (t <= 0) {
            return 0;
        }
        return t >= 1 ? 1 : t * t * (3 - 2 * t);
    }

    /** 1 at 0, falling smoothly to 0 at -1 and 1. */
    public static float bump(float x) {
        float t = 1 - x * x;
        return t <= 0 ? 0 : t * t;
    }

    /** As {@link Math#floor}, for coordinates within the range of int. */
    public static float floor(float x) {
        int whole = (int) x;
        return x < whole ? whole - 1 : whole;
    }
}
