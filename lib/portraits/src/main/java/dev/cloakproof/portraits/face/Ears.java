package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * A pair of ears.
 *
 * @param size half of their height, in head coordinates
 * @param out how far they stand off, in head coordinates
 */
public record Ears(float size, float out) {
    static Ears of(Dice dice) {
        return new Ears(dice.between("size", 0.17f, 0.25f), dice.between("out", 0.03f, 0.13f));
    }
}
