package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;
import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;

/** Neck and shoulders; they stay upright while the head turns. */
final class BodySurface implements Surface {
    private static final int NECK = 0;
    private static final int TORSO = 1;
    private static final float BASE = -1.5f;

    private final Clothes clothes;
    private final Colour skin;
    private final Colour cloth;
    private final Colour other;
    private final Ellipsoid torso;
    private final float radius;
    private final float topX;
    private final float topY;

    BodySurface(Identity identity, Photograph photograph, Rotation rotation) {
        clothes = photograph.clothes();
        skin = identity.skin().colour();
        cloth = clothes.dye().colour();
        other = cloth.luma() > 0.5f ? cloth.times(0.6f) : cloth.mix(Colour.WHITE, 0.45f);
        torso = Ellipsoid.scene(0, -2.05f, -0.4f, 1.75f, 0.98f, 0.75f);
        radius = 0.08f
                + identity.skull().width() * (0.5f - 0.35f * identity.skull().taper());
        // The neck leaves the head behind the jaw.
        topX = -0.5f * rotation.xy - 0.2f * rotation.xz;
        topY = -0.5f * rotation.yy - 0.2f * rotation.yz;
    }

    @Override
    public void meet(Ray ray, Hit hit) {
        if (ray.y > -0.2f) {
            return;
        }
        float down = Math.max(0, (topY - ray.y) / (topY - BASE));
        float middle = topX * (1 - Math.min(1, down));
        float r = radius * (1 + 0.4f * down * down);
        float off = ray.x - middle;
        if (ray.y < topY && Math.abs(off) < r) {
            float out = (float) Math.sqrt(r * r - off * off);
            float at = -0.32f + out * 0.9f;
            if (at > hit.depth) {
                hit.scene(this, ray, at, NECK, off, -0.1f * r, out);
            }
        }
        float at = torso.enterScene(ray);
        if (at > hit.depth) {
            hit.scene(this, ray, at, TORSO, torso.normalX(ray.x), torso.normalY(ray.y), torso.normalZ(at));
        }
    }

    @Override
    public void paint(Hit hit) {
        boolean bare = hit.piece == NECK && hit.y > collar(hit.x);
        if (bare || hit.piece == TORSO && neckline(hit.x, hit.y)) {
            hit.part = Part.NECK;
            hit.colour(skin);
            hit.gloss = 0.06f;
            // The jaw keeps the lamp off the upper neck.
            float clear = step(-0.8f, -1.35f, hit.y);
            hit.lit = 0.3f + 0.6f * clear;
            hit.open = 0.55f + 0.4f * clear;
            return;
        }
        hit.part = Part.CLOTHES;
        hit.gloss = 0.02f;
        hit.colour(clothes.striped() && Noise.wave(hit.y * 4.5f) > 0.1f ? other : cloth);
        float side = Math.abs(hit.x);
        switch (clothes.kind()) {
            case SHIRT -> {
                float flap = side - 0.45f * (hit.y + 1.75f);
                if (hit.y > -1.55f && flap < 0.16f) {
                    hit.colour(other);
                    hit.times(1 - 0.35f * bump((flap - 0.14f) / 0.03f));
                }
            }
            case SWEATER -> {
                if (hit.piece == NECK || hit.y > -1.2f - 0.2f * side) {
                    hit.times(0.85f + 0.12f * Noise.wave(hit.x * 14));
                }
            }
            case JACKET -> {
                float lapel = side - 0.4f * (hit.y + 2.1f);
                if (lapel < 0) {
                    hit.colour(Dye.WHITE.colour());
                }
                hit.times(1 - 0.5f * bump(lapel / 0.03f));
                hit.times(1 - 0.3f * bump((lapel - 0.2f) / 0.02f));
            }
        }
    }

    /** The height where cloth begins on the neck. */
    private float collar(float x) {
        return switch (clothes.kind()) {
            case SHIRT -> -1.75f + Math.abs(x) * 1.6f;
            case SWEATER -> -1.1f;
            case JACKET -> -1.22f;
        };
    }

    /** Whether the clothes leave a point of the chest free. */
    private boolean neckline(float x, float y) {
        return clothes.kind() == Clothes.Kind.SHIRT && y > -1.75f + Math.abs(x) * 2.2f;
    }
}
