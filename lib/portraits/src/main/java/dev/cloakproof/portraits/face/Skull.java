package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * The shape of a head, in head coordinates.
 *
 * @param width half of the head's width at the eyes
 * @param depth from the middle of the head to the face
 * @param taper how much narrower the jaw is than the head, a share
 * @param square how fully the lower face keeps its width towards the chin, 0 to 1
 * @param cheek how far the cheekbones stand out
 * @param chin how far the chin stands out
 */
public record Skull(float width, float depth, float taper, float square, float cheek, float chin) {
    static Skull of(Dice dice) {
        return new Skull(
                dice.between("width", 0.61f, 0.78f),
                dice.between("depth", 0.78f, 0.9f),
                dice.between("taper", 0.04f, 0.36f),
                dice.between("square", 0, 0.7f),
                dice.between("cheek", 0, 0.06f),
                dice.between("chin", 0.02f, 0.12f));
    }
}
