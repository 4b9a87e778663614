package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;
import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Colour;

/** Glasses: a plane in front of the eyes, so that a turning head moves them against the eyes, and temples on its sides. */
final class GlassesPaint {
    private static final float SOFT = 0.012f;

    private final Glasses glasses;
    private final Colour frame;
    private final float plane;
    private final float eyeY;
    private final float lensX;
    private final float halfWidth;
    private final float halfHeight;

    GlassesPaint(Identity identity) {
        glasses = identity.glasses();
        frame = glasses.frame().colour();
        Eyes eyes = identity.eyes();
        plane = identity.skull().depth() + 0.02f;
        eyeY = eyes.height() - 0.015f;
        halfWidth = glasses.kind() == Glasses.Kind.ROUND ? glasses.size() : Math.min(0.25f, glasses.size() * 1.25f);
        halfHeight = glasses.kind() == Glasses.Kind.ROUND ? glasses.size() : glasses.size() * 0.85f;
        // Lenses never touch each other.
        lensX = Math.max(eyes.spacing(), halfWidth + 0.05f);
    }

    /** Lays the glasses over a shaded hit. */
    void paint(Ray ray, Hit hit) {
        if (glasses.kind() == Glasses.Kind.NONE || hit.part == Part.HAT) {
            return;
        }
        temples(hit);
        float at = (plane - ray.az) / ray.dz;
        if (hit.part == Part.HAIR && hit.depth > at) {
            return;
        }
        float x = ray.ax + at * ray.dx;
        float y = ray.ay + at * ray.dy - eyeY;
        float side = Math.abs(x);
        if (side > lensX + halfWidth + 0.06f || Math.abs(y) > halfHeight + 0.06f) {
            return;
        }
        float outside = lens(side - lensX, y);
        float thick = glasses.thickness();
        float inLens = step(SOFT, -SOFT, outside);
        if (inLens > 0) {
            glass(hit, inLens, x + y);
        }
        float line = step(thick + SOFT, thick, Math.abs(outside));
        if (glasses.kind() == Glasses.Kind.HALF) {
            line *= step(-0.05f, 0, y);
        }
        if (side < lensX - halfWidth + 0.01f) {
            float arch = y - 0.045f - 0.05f * (1 - side / (lensX - halfWidth));
            line = Math.max(line, step(thick + SOFT, thick, Math.abs(arch)));
        }
        if (line > 0) {
            cover(hit, line);
        }
    }

    /** The distance to a lens's edge, negative inside. */
    private float lens(float x, float y) {
        if (glasses.kind() == Glasses.Kind.ROUND) {
            return (float) Math.sqrt(x * x + y * y) - halfHeight;
        }
        // A rectangle with round corners.
        float corner = 0.06f;
        float dx = Math.max(0, Math.abs(x) - halfWidth + corner);
        float dy = Math.max(0, Math.abs(y) - halfHeight + corner);
        float within = Math.min(0, Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight) + corner);
        return (float) Math.sqrt(dx * dx + dy * dy) - corner + within;
    }

    private void glass(Hit hit, float cover, float diagonal) {
        if (glasses.kind() == Glasses.Kind.TINTED) {
            hit.over(frame.times(0.25f), 0.72f * cover);
            if (cover > 0.5f) {
                hit.part = Part.GLASSES;
            }
        }
        hit.over(Colour.WHITE, cover * (0.03f + 0.16f * bump((diagonal - 0.1f) / 0.07f)));
    }

    private void temples(Hit hit) {
        boolean skin = hit.part == Part.SKIN || hit.part == Part.EARS;
        if (!skin || Math.abs(hit.x) < lensX + halfWidth || hit.z < -0.05f) {
            return;
        }
        float line = step(glasses.thickness() + SOFT, glasses.thickness(), Math.abs(hit.y - eyeY - 0.05f));
        if (line > 0) {
            cover(hit, line);
        }
    }

    private void cover(Hit hit, float line) {
        hit.over(frame, line);
        if (line > 0.5f) {
            hit.part = Part.GLASSES;
        }
    }
}
