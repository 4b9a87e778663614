package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;
import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Colour;

/** Lips, and what shows between them. */
final class MouthPaint {
    private static final Colour INSIDE = Colour.of(0x3a0f12);
    private static final Colour TEETH = Colour.of(0xf6f1e6);
    private static final float SOFT = 0.014f;

    private final Mouth mouth;
    private final Expression expression;
    private final Colour lips;
    private final float width;
    private final float gap;

    MouthPaint(Identity identity, Expression expression) {
        this.expression = expression;
        mouth = identity.mouth();
        Colour skin = identity.skin().colour();
        Colour natural = new Colour(skin.red() * 0.86f, skin.green() * 0.62f, skin.blue() * 0.62f);
        lips = natural.mix(Colour.of(0xb3202e), 0.6f * mouth.red() * mouth.red());
        width = MouthLine.halfWidth(mouth, expression);
        gap = MouthLine.gap(expression);
    }

    void paint(Hit hit, float x, float y) {
        float u = x / width;
        if (Math.abs(u) > 1.15f || Math.abs(y - mouth.height()) > 0.3f) {
            return;
        }
        float rest = mouth.height() + MouthLine.rise(expression, x / mouth.width());
        float along = Math.max(0, 1 - u * u);
        float dy = y - rest;
        float notch = 1 - 0.4f * mouth.bow() * bump(u * 4.5f);
        // A smile stretches the lips thinner.
        float thin = 1 - 0.2f * Math.max(0, expression.smile());
        float opening = gap * along;
        float top = opening * 0.6f + mouth.upper() * thin * along * notch;
        float bottom = -opening * 1.4f - mouth.lower() * thin * along;
        float inLips = Math.min(top - dy, dy - bottom);
        float cover = step(-SOFT / 2, SOFT / 2, inLips) * step(1.02f, 0.96f, Math.abs(u));
        if (cover > 0) {
            hit.over(lips, cover);
            hit.gloss += 0.14f * cover;
        }
        // The lower lip shades the chin.
        hit.times(1 - 0.16f * bump((dy - bottom + 0.035f) / 0.04f) * along);
        float between = Math.min(opening * 0.6f - dy, dy + opening * 1.4f);
        float hole = step(0, SOFT, between);
        hit.over(INSIDE, hole);
        if (hole > 0) {
            float teeth = step(opening * -0.75f - SOFT, opening * -0.75f, dy) * step(0.92f, 0.8f, Math.abs(u));
            hit.over(TEETH, hole * teeth * step(Expression.TEETH, Expression.TEETH + 0.15f, expression.open()));
        } else {
            hit.times(1 - 0.62f * bump(dy / 0.018f) * step(1.08f, 0.98f, Math.abs(u)));
        }
        float corner = (float) Math.sqrt((Math.abs(u) - 1) * (Math.abs(u) - 1) * width * width + dy * dy);
        hit.times(1 - 0.4f * bump(corner / 0.04f));
        // The line between the lips runs on to the corners, where the lips are too thin to see.
        boolean line = Math.abs(u) < 1 && Math.abs(dy) < 0.022f;
        if (cover > 0.5f || hole > 0.5f || line) {
            hit.part = Part.MOUTH;
        }
    }
}
