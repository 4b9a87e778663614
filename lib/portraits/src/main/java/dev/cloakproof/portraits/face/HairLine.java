package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Noise;

/** Where on a head hair or hat begin: above a line that runs from the forehead over the temples to the nape. */
final class HairLine {
    private final Hair hair;
    private final float forehead;
    private final float sides;
    private final float nape;
    private final float hat;

    HairLine(Identity identity) {
        hair = identity.hair();
        Hair.Style style = hair.style();
        forehead = switch (style) {
            case FRINGE -> 0.27f;
            case LONG, WAVY, BOB -> hair.hairline() + 0.08f;
            default -> hair.hairline();
        };
        sides = switch (style) {
            case BOB, LONG, WAVY -> -1.3f;
            case CURLY -> -0.35f;
            case AFRO -> -0.15f;
            case FRINGE -> -0.22f;
            case BUN, PONYTAIL -> 0.08f;
            default -> -0.08f;
        };
        nape = Math.min(sides, -0.6f);
        hat = identity.hat().kind() == Hat.Kind.NONE ? 2 : HatSurface.LINE;
    }

    /** The height above which there is hair, in head coordinates, on the side of the head where the point lies. */
    private float line(float x, float y, float z) {
        // 1 in front, 0 at the ears, -1 at the back.
        float ahead = z / (float) Math.sqrt(x * x + z * z + 1e-6f);
        float front = forehead - 0.22f * (1 - ahead);
        switch (hair.style()) {
            case SWEPT -> front -= 0.26f * x * hair.parting();
            case LONG, WAVY, BOB -> front -= 0.75f * Math.abs(x - 0.16f * hair.parting());
            case FRINGE -> front += 0.1f * (Noise.value(x * 11 + 30, 4, 11) - 0.5f);
            case CURLY, AFRO -> front += 0.1f * (Noise.value(x * 8 + 30, y * 8 + 30, 12) - 0.5f);
            case SHORT -> front += 0.09f * (Noise.value(x * 16 + 30, 4, 13) - 0.5f);
            default -> {}
        }
        float temple = step(0.62f, 0.34f, ahead);
        float line = front + (sides - front) * temple;
        return line + (nape - line) * step(0.1f, -0.3f, ahead);
    }

    /** Whether a point outside of the skull lies where hair grows. */
    boolean covers(float x, float y, float z) {
        return hair.style() != Hair.Style.BALD && y > line(x, y, z) && !underHat(y, z);
    }

    /** Whether a point lies where the hat is. */
    boolean underHat(float y, float z) {
        return y > hat + HatSurface.TILT * z;
    }

    /** How much hair or hat shade a point of the skin, 0 to 1. */
    float shadow(float x, float y, float z) {
        float brim = hat > 1 ? 0 : step(0.16f, 0, hat + HatSurface.TILT * z - y);
        if (hair.style() == Hair.Style.BALD || hair.style() == Hair.Style.BUZZ || hair.style() == Hair.Style.MOHAWK) {
            return brim;
        }
        return Math.max(brim, 0.8f * step(0.12f, 0, line(x, y, z) - y));
    }
}
