package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;
import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;

/** Colours the head: skin first, then everything on it. */
final class FacePaint {
    private final Skin skin;
    private final Colour colour;
    private final Colour rosy;
    private final Relief relief;
    private final HairLine hairLine;
    private final Eyes eyes;
    private final Mouth mouth;
    private final Nose nose;
    private final EyePaint eyePaint;
    private final BrowPaint browPaint;
    private final MouthPaint mouthPaint;
    private final BeardPaint beardPaint;

    FacePaint(Identity identity, Photograph photograph, Relief relief, HairLine hairLine) {
        this.relief = relief;
        this.hairLine = hairLine;
        skin = identity.skin();
        colour = skin.colour();
        rosy = new Colour(colour.red(), colour.green() * 0.72f, colour.blue() * 0.72f);
        eyes = identity.eyes();
        mouth = identity.mouth();
        nose = identity.nose();
        eyePaint = new EyePaint(identity, photograph.expression());
        browPaint = new BrowPaint(identity, photograph.expression());
        mouthPaint = new MouthPaint(identity, photograph.expression());
        beardPaint = new BeardPaint(identity, photograph.expression());
    }

    void paint(Hit hit) {
        float x = hit.x;
        float y = hit.y;
        hit.part = Part.SKIN;
        hit.colour(colour);
        hit.gloss = 0.16f;
        if (hit.z > 0) {
            hit.open = 1 - Math.max(-0.15f, Math.min(0.5f, relief.hollow(x, y) * 7));
            skin(hit, x, y);
            folds(hit, x, y);
            beardPaint.paint(hit, x, y);
            browPaint.paint(hit, x, y);
            mouthPaint.paint(hit, x, y);
            eyePaint.paint(hit, x, y);
        } else {
            beardPaint.paint(hit, x, y);
        }
        float shadow = hairLine.shadow(x, y, hit.z);
        hit.open *= 1 - 0.35f * shadow;
        hit.lit *= 1 - 0.55f * shadow;
    }

    private void skin(Hit hit, float x, float y) {
        float side = Math.abs(x);
        float cheeks = bump(far((side - 0.4f) / 0.26f, (y + 0.26f) / 0.24f));
        hit.over(rosy, 0.55f * skin.blush() * cheeks + 0.3f * bump(far(x / 0.17f, (y - nose.tip()) / 0.16f)));
        if (skin.freckles() > 0) {
            float where = bump(far(x / 0.62f, (y + 0.16f) / 0.3f));
            float spots = step(0.60f, 0.72f, Noise.value(x * 30 + 50, y * 30 + 50, 7));
            hit.times(1 - 0.28f * skin.freckles() * Math.min(1, where * 2) * spots);
        }
        if (skin.mole()) {
            hit.times(1 - 0.75f * step(0.036f, 0.02f, far(x - skin.moleX(), y - skin.moleY())));
        }
    }

    /** Nostrils, the folds from nose to mouth, and the shadows under the eyes. */
    private void folds(Hit hit, float x, float y) {
        float side = Math.abs(x);
        float nostril = far((side - nose.width() * 0.52f) / 0.05f, (y - nose.tip() + 0.07f) / 0.026f);
        hit.times(1 - 0.62f * step(1.3f, 0.6f, nostril));
        float wing = far((side - nose.width() + 0.01f) / 0.05f, (y - nose.tip() + 0.02f) / 0.1f);
        hit.times(1 - 0.22f * bump(Math.abs(wing - 0.7f) * 2));
        float down = (nose.tip() - y) / (nose.tip() - mouth.height() + 0.03f);
        if (down > -0.1f && down < 1.15f) {
            float line = nose.width() + 0.04f + (mouth.width() - nose.width() + 0.04f) * down * 0.9f;
            float depth = (0.06f + 0.26f * skin.age()) * bump(down * 1.5f - 0.75f);
            hit.times(1 - depth * bump((side - line) / 0.035f));
        }
        float bag = far((side - eyes.spacing()) / (eyes.width() * 1.1f), (y - eyes.height() + 0.12f) / 0.05f);
        hit.times(1 - (0.05f + 0.17f * skin.age()) * bump(bag));
    }

    private static float far(float x, float y) {
        return (float) Math.sqrt(x * x + y * y);
    }
}
