package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Colour;

/** The nearest surface on a ray, and what it looks like there. One object serves all rays of a picture. */
final class Hit {
    /** Where nothing was met. */
    static final float NOTHING = -1e9f;

    /** The scene's z; larger is nearer to the camera. */
    float depth;

    Surface surface;

    /** The point, in the surface's own coordinates: those of the head or of the scene. */
    float x;

    float y;
    float z;

    /** The normal in scene coordinates, of any length. */
    float nx;

    float ny;
    float nz;

    /** Which of a surface's pieces was met. */
    int piece;

    Part part;
    float red;
    float green;
    float blue;

    /** How strongly it shines, 0 to 1. */
    float gloss;

    /** How much of the lamp arrives, 0 to 1. */
    float lit;

    /** How much of the light from all around arrives, 0 to 1. */
    float open;

    void clear() {
        depth = NOTHING;
        surface = null;
        gloss = 0.05f;
        lit = 1;
        open = 1;
    }

    /** Records a hit of a surface that turns with the head; the normal is in head coordinates. */
    void head(Surface by, Ray ray, float at, int pieceMet, float hx, float hy, float hz) {
        Rotation r = ray.rotation;
        met(by, at, pieceMet, ray.ax + at * ray.dx, ray.ay + at * ray.dy, ray.az + at * ray.dz);
        nx = r.xx * hx + r.xy * hy + r.xz * hz;
        ny = r.yx * hx + r.yy * hy + r.yz * hz;
        nz = r.zx * hx + r.zy * hy + r.zz * hz;
    }

    /** Records a hit of a surface that does not turn with the head. */
    void scene(Surface by, Ray ray, float at, int pieceMet, float sx, float sy, float sz) {
        met(by, at, pieceMet, ray.x, ray.y, at);
        nx = sx;
        ny = sy;
        nz = sz;
    }

    private void met(Surface by, float at, int pieceMet, float px, float py, float pz) {
        surface = by;
        depth = at;
        piece = pieceMet;
        x = px;
        y = py;
        z = pz;
    }

    /** Sets the colour in even white light. */
    void colour(Colour colour) {
        red = colour.red();
        green = colour.green();
        blue = colour.blue();
    }

    /** Lays a colour over the one there, with a coverage of 0 to 1. */
    void over(Colour colour, float coverage) {
        red += (colour.red() - red) * coverage;
        green += (colour.green() - green) * coverage;
        blue += (colour.blue() - blue) * coverage;
    }

    /** Multiplies the colour. */
    void times(float factor) {
        red *= factor;
        green *= factor;
        blue *= factor;
    }
}
