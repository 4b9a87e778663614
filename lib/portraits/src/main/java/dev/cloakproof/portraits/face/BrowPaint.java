package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;

/** Eyebrows on the skin. */
final class BrowPaint {
    private final Brows brows;
    private final float spacing;
    private final float height;
    private final float frown;
    private final Colour colour;

    BrowPaint(Identity identity, Expression expression) {
        brows = identity.brows();
        spacing = identity.eyes().spacing() + 0.01f;
        height = identity.eyes().height() + brows.height() + 0.03f * expression.raise();
        frown = Math.max(0, -expression.raise()) * 0.05f + Math.max(0, -expression.smile()) * -0.08f;
        // Dyed, white or missing hair keeps brows of a natural shade.
        Colour hair = identity.hair().colour().colour();
        Colour natural = Colour.of(0x4a3020);
        colour = hair.mix(natural, 0.45f + 0.35f * brows.darkness()).times(1 - 0.4f * brows.darkness());
    }

    void paint(Hit hit, float x, float y) {
        float u = (Math.abs(x) - spacing) / brows.length();
        if (u < -1.2f || u > 1.2f || Math.abs(y - height) > 0.2f) {
            return;
        }
        float line = height + brows.arch() * (1 - u * u) - 0.4f * brows.arch() + (brows.slope() + frown) * u;
        // Thin towards the temples.
        float thick = brows.thickness() * (1 - 0.45f * Math.max(0, u)) * (u > 0.4f ? 1.25f - 0.6f * u : 1);
        float off = Math.abs(y - line) / thick;
        float cover = step(1.25f, 0.65f, off) * step(1.08f, 0.85f, Math.abs(u));
        float hairs = 0.85f + 0.3f * Noise.value(x * 70 + y * 30 + 80, y * 14 + 40, 3);
        hit.over(colour, Math.min(1, 0.92f * cover * hairs));
        hit.gloss *= 1 - 0.8f * cover;
        if (cover > 0.4f) {
            hit.part = Part.BROWS;
        }
    }
}
