package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * A nose, in head coordinates.
 *
 * @param tip the height of its tip
 * @param width half of the width at the nostrils
 * @param bridge how far the bridge stands out
 * @param length how far the tip stands out
 * @param bulb the radius of the tip
 */
public record Nose(float tip, float width, float bridge, float length, float bulb) {
    static Nose of(Dice dice) {
        return new Nose(
                dice.between("tip", -0.40f, -0.29f),
                dice.between("width", 0.10f, 0.175f),
                dice.between("bridge", 0.05f, 0.13f),
                dice.between("length", 0.16f, 0.28f),
                dice.between("bulb", 0.085f, 0.13f));
    }
}
