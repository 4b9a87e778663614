package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;
import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;

/** Facial hair on the skin; the lips are painted over it. */
final class BeardPaint {
    private final Beard beard;
    private final Mouth mouth;
    private final Nose nose;
    private final Expression expression;
    private final Colour colour;

    BeardPaint(Identity identity, Expression expression) {
        this.expression = expression;
        beard = identity.beard();
        mouth = identity.mouth();
        nose = identity.nose();
        colour = identity.hair().colour().colour().mix(Colour.of(0x3a261a), 0.25f);
    }

    void paint(Hit hit, float x, float y) {
        if (beard.kind() == Beard.Kind.NONE || y > 0.1f) {
            return;
        }
        float cover =
                switch (beard.kind()) {
                    case NONE -> 0;
                    case STUBBLE -> 0.42f * Math.max(cheeks(x, y), lip(x, y));
                    case MOUSTACHE -> lip(x, y);
                    case GOATEE -> Math.max(lip(x, y), chin(x, y));
                    case FULL -> Math.max(cheeks(x, y), lip(x, y));
                };
        if (cover <= 0) {
            return;
        }
        float hairs = Noise.value(x * 42 + 60, y * 20 + 60, 5);
        hit.over(colour.times(0.65f + 0.6f * hairs), Math.min(1, cover * beard.density() * (0.75f + 0.4f * hairs)));
        hit.gloss *= 1 - 0.8f * cover;
    }

    /** From the ears along the jaw, up to a line that falls towards the mouth. */
    private float cheeks(float x, float y) {
        float side = Math.abs(x);
        float upper = -0.56f + 0.62f * step(0.22f, 0.68f, side) * (0.5f + side * 0.6f);
        return step(upper + 0.05f, upper - 0.05f, y);
    }

    private float lip(float x, float y) {
        float side = Math.abs(x) / (mouth.width() * 1.2f);
        float line = mouth.height() + MouthLine.rise(expression, x / mouth.width());
        float low = line - 0.08f * step(0.75f, 1.1f, side);
        float high = nose.tip() - 0.13f - 0.10f * side * side;
        return step(low - 0.02f, low + 0.01f, y) * step(high + 0.03f, high - 0.02f, y) * step(1.12f, 0.95f, side);
    }

    private float chin(float x, float y) {
        float around = mouth.height() - 0.04f;
        return step(around + 0.02f, around - 0.06f, y) * bump(x / 0.36f) * 1.8f > 1
                ? 1
                : step(around + 0.02f, around - 0.06f, y) * bump(x / 0.36f) * 1.8f;
    }
}
