package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * A pair of eyebrows, in head coordinates.
 *
 * @param height above the middle of the eyes
 * @param thickness half of it
 * @param arch how far the middle stands above the ends
 * @param slope how far the outer end stands above the inner one
 * @param length half of it
 * @param darkness 0 (as fair as the hair allows) to 1 (dark)
 */
public record Brows(float height, float thickness, float arch, float slope, float length, float darkness) {
    static Brows of(Dice dice) {
        return new Brows(
                dice.between("height", 0.19f, 0.27f),
                dice.between("thickness", 0.018f, 0.05f),
                dice.between("arch", 0, 0.07f),
                dice.between("slope", -0.06f, 0.05f),
                dice.between("length", 0.15f, 0.21f),
                dice.unit("darkness"));
    }
}
