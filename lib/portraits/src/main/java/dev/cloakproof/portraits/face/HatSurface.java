package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;

/** A hat: a crown over the head, and a fold, a visor or a brim. */
final class HatSurface implements Surface {
    /** The height of a hat's lower edge at the ears, in head coordinates. */
    static final float LINE = 0.42f;

    /** How much higher the edge stands at the front than at the ears, for every unit of z. */
    static final float TILT = 0.1f;

    private static final int CROWN = 0;
    private static final float FOLD = 0.22f;

    private final Hat hat;
    private final Colour colour;
    private final Ellipsoid crown;
    private final Ellipsoid edge;

    HatSurface(Identity identity, Rotation rotation) {
        hat = identity.hat();
        colour = hat.colour().colour();
        Skull skull = identity.skull();
        float w = skull.width() + 0.1f;
        float d = skull.depth() + 0.15f;
        crown = switch (hat.kind()) {
            case NONE, BEANIE -> Ellipsoid.head(rotation, 0, 0.1f, -0.05f, w, 1.14f, d);
            case CAP -> Ellipsoid.head(rotation, 0, 0.1f, -0.05f, w, 1.04f, d);
            case BRIMMED -> Ellipsoid.head(rotation, 0, 0.22f, -0.05f, w, 1.06f, d);
        };
        edge = switch (hat.kind()) {
            case NONE, BEANIE -> Ellipsoid.head(rotation, 0, 0.1f, -0.05f, w + 0.05f, 1.18f, d + 0.05f);
            case CAP -> Ellipsoid.head(rotation, 0, 0.5f, 0.75f, w * 0.86f, 0.075f, 0.68f);
            case BRIMMED -> Ellipsoid.head(rotation, 0, 0.47f, 0, w + 0.52f, 0.085f, d + 0.5f);
        };
    }

    @Override
    public void meet(Ray ray, Hit hit) {
        if (hat.kind() == Hat.Kind.NONE) {
            return;
        }
        meet(crown, CROWN, ray, hit);
        meet(edge, 1, ray, hit);
    }

    private void meet(Ellipsoid lobe, int piece, Ray ray, Hit hit) {
        float at = lobe.enter(ray, 1);
        if (at <= hit.depth) {
            return;
        }
        float x = ray.ax + at * ray.dx;
        float y = ray.ay + at * ray.dy;
        float z = ray.az + at * ray.dz;
        float above = y - LINE - TILT * z;
        boolean folded = piece != CROWN && hat.kind() == Hat.Kind.BEANIE;
        if (folded ? above > 0 && above < FOLD : piece != CROWN || above > 0) {
            hit.head(this, ray, at, piece, lobe.normalX(x), lobe.normalY(y), lobe.normalZ(z));
        }
    }

    @Override
    public void paint(Hit hit) {
        hit.part = Part.HAT;
        hit.colour(colour);
        hit.gloss = 0.02f;
        float above = hit.y - LINE - TILT * hit.z;
        switch (hat.kind()) {
            case NONE -> {}
            case BEANIE -> {
                float round = (float) Math.sqrt(Math.max(0.06f, 1.3f - hit.y * hit.y));
                hit.times(0.9f + 0.14f * Noise.wave(hit.x / round * 9));
                hit.times(1 - 0.3f * bump((above - FOLD) / 0.04f));
            }
            case CAP -> {
                if (hit.piece == CROWN) {
                    hit.times(1 - 0.25f * bump(hit.x / 0.02f));
                    hit.times(1 - 0.25f * bump((Math.abs(hit.x) - 0.42f * (1.25f - hit.y)) / 0.02f));
                } else {
                    hit.times(0.85f);
                }
            }
            case BRIMMED -> {
                if (hit.piece == CROWN && above < 0.24f) {
                    hit.times(0.35f);
                }
            }
        }
    }
}
