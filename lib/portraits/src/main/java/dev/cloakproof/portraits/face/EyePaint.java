package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;
import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Colour;

/** Eyes on the skin: white, iris, pupil, a spark of light, lashes and the lid's fold. */
final class EyePaint {
    private static final Colour WHITE = Colour.of(0xf1ece6);
    private static final Colour DARK = Colour.of(0x17110e);
    private static final float SOFT = 0.014f;

    private final Eyes eyes;
    private final Colour iris;
    private final Colour rim;
    private final float opening;
    private final float sin;
    private final float cos;
    private final float gazeX;
    private final float gazeY;

    EyePaint(Identity identity, Expression expression) {
        eyes = identity.eyes();
        iris = eyes.colour().colour();
        rim = iris.times(0.45f);
        // Cheeks push the lower lids up in a broad smile.
        opening = eyes.opening() * expression.lids() * (1 - 0.14f * Math.max(0, expression.smile()));
        sin = Rotation.sin(eyes.tilt());
        cos = Rotation.cos(eyes.tilt());
        gazeX = expression.gazeX() * eyes.width() * 0.38f;
        gazeY = expression.gazeY() * opening * 0.45f;
    }

    void paint(Hit hit, float x, float y) {
        float side = x < 0 ? -1 : 1;
        float ox = x * side - eyes.spacing();
        float oy = y - eyes.height();
        if (Math.abs(ox) > eyes.width() * 1.35f || Math.abs(oy) > 0.24f) {
            return;
        }
        float dx = ox * cos + oy * sin;
        float dy = oy * cos - ox * sin;
        float u = dx / eyes.width();
        float arc = 1 - u * u;
        float upper = opening * arc * (1.05f + 0.18f * u);
        float lower = -0.8f * opening * arc;
        float inside = Math.min(Math.min(upper - dy, dy - lower), (1 - Math.abs(u)) * 0.08f);
        // The fold of the upper lid.
        hit.times(1 - 0.32f * bump((dy - upper - 0.045f) / 0.022f) * step(1.2f, 0.7f, Math.abs(u)));
        hit.times(1
                - 0.14f * step(0, 0.03f, dy - upper) * step(0.09f, 0.03f, dy - upper) * step(1.2f, 0.7f, Math.abs(u)));
        float cover = step(-SOFT / 2, SOFT / 2, inside);
        if (cover > 0) {
            hit.over(WHITE, cover);
            ball(hit, ox * side, oy, cover, upper - dy);
        }
        float lash = bump((dy - upper) / (0.016f + 0.016f * eyes.lashes() * (0.6f + 0.4f * u)));
        hit.over(DARK, lash * (0.55f + 0.45f * eyes.lashes()) * step(1.12f, 0.92f, Math.abs(u)));
        hit.times(1 - 0.3f * bump((dy - lower) / 0.016f) * step(1.05f, 0.85f, Math.abs(u)));
        if (inside > -0.012f) {
            hit.part = Part.EYES;
        }
    }

    private void ball(Hit hit, float x, float y, float cover, float underLid) {
        float ix = x - gazeX;
        float iy = y - gazeY - 0.008f;
        float r = (float) Math.sqrt(ix * ix + iy * iy);
        float radius = eyes.iris();
        hit.over(rim, cover * step(radius + SOFT / 2, radius - SOFT / 2, r));
        hit.over(iris, cover * step(radius * 0.9f, radius * 0.7f, r));
        hit.over(DARK, cover * step(radius * 0.5f + SOFT / 2, radius * 0.5f - SOFT / 2, r));
        // The lid's shadow on the ball, and the lamp's reflection.
        hit.times(1 - 0.4f * cover * step(0.04f, 0, underLid));
        float sx = ix - radius * 0.35f;
        float sy = iy - radius * 0.35f;
        float spark = step(0.026f, 0.014f, (float) Math.sqrt(sx * sx + sy * sy));
        hit.over(Colour.WHITE, cover * spark);
        hit.gloss *= 1 - cover;
        hit.open += (1 - hit.open) * 0.6f * cover;
        hit.lit += (1 - hit.lit) * 0.4f * cover;
    }
}
