package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * A person who does not exist: everything that stays the same from photograph to photograph, glasses and hat included,
 * as in the reference sets that such studies use.
 */
public record Identity(
        Skull skull,
        Skin skin,
        Eyes eyes,
        Brows brows,
        Nose nose,
        Mouth mouth,
        Ears ears,
        Hair hair,
        Beard beard,
        Glasses glasses,
        Hat hat) {
    /** The person of a seed. */
    public static Identity of(long seed) {
        Dice dice = Dice.of(seed, "identity");
        return new Identity(
                Skull.of(dice.of("skull")),
                Skin.of(dice.of("skin")),
                Eyes.of(dice.of("eyes")),
                Brows.of(dice.of("brows")),
                Nose.of(dice.of("nose")),
                Mouth.of(dice.of("mouth")),
                Ears.of(dice.of("ears")),
                Hair.of(dice.of("hair")),
                Beard.of(dice.of("beard")),
                Glasses.of(dice.of("glasses")),
                Hat.of(dice.of("hat")));
    }
}
