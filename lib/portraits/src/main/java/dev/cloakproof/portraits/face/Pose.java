package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * How a head stands in the picture.
 *
 * @param yaw degrees the head is turned to the picture's right
 * @param pitch degrees it looks up
 * @param roll degrees it leans to the picture's right
 * @param x the middle of the head as a fraction of the picture's side, from the left
 * @param y the middle of the head as a fraction of the picture's side, from the top
 * @param scale half of the head's height as a fraction of the picture's side
 */
public record Pose(float yaw, float pitch, float roll, float x, float y, float scale) {
    static Pose of(Dice dice) {
        return new Pose(
                dice.around("yaw", -42, 42),
                dice.around("pitch", -20, 20),
                dice.around("roll", -20, 20),
                dice.around("x", 0.42f, 0.58f),
                dice.around("y", 0.45f, 0.55f),
                dice.between("scale", 0.33f, 0.41f));
    }
}
