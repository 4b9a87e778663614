package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * The light of a photograph: a soft lamp and light from all around.
 *
 * @param azimuth degrees of the lamp from the camera to the picture's right
 * @param elevation degrees of the lamp above the camera
 * @param warmth from bluish, -1, to golden, 1
 * @param key the strength of the lamp
 * @param ambient the strength of the light from all around
 */
public record Light(float azimuth, float elevation, float warmth, float key, float ambient) {
    static Light of(Dice dice) {
        return new Light(
                dice.between("azimuth", -65, 65),
                dice.between("elevation", 5, 60),
                dice.between("warmth", -1, 1),
                dice.between("key", 0.55f, 0.85f),
                dice.between("ambient", 0.38f, 0.65f));
    }
}
