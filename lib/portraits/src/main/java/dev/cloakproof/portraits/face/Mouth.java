package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * A mouth at rest, in head coordinates.
 *
 * @param height of the line between the lips
 * @param width half of it
 * @param upper the thickness of the upper lip
 * @param lower the thickness of the lower lip
 * @param bow how deep the upper lip's notch is, 0 to 1
 * @param red how red the lips are, 0 (as the skin) to 1 (painted)
 */
public record Mouth(float height, float width, float upper, float lower, float bow, float red) {
    static Mouth of(Dice dice) {
        return new Mouth(
                dice.between("height", -0.635f, -0.56f),
                dice.between("width", 0.18f, 0.28f),
                dice.between("upper", 0.03f, 0.07f),
                dice.between("lower", 0.04f, 0.09f),
                dice.unit("bow"),
                dice.between("red", 0.15f, 1));
    }
}
