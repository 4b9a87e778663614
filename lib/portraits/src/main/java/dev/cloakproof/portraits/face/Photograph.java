package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/** Everything that changes from one photograph of a person to the next. */
public record Photograph(Pose pose, Expression expression, Light light, Background background, Clothes clothes) {
    /** The photograph of a seed; it knows nothing of the person. */
    public static Photograph of(long seed) {
        Dice dice = Dice.of(seed, "photograph");
        return new Photograph(
                Pose.of(dice.of("pose")),
                Expression.of(dice.of("expression")),
                Light.of(dice.of("light")),
                Background.of(dice.of("background")),
                Clothes.of(dice.of("clothes")));
    }
}
