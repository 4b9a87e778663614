package dev.cloakproof.purifier.purify;

import java.util.List;

/**
 * What {@code --list} says of a step.
 *
 * @param name as chains write it
 * @param cost what it takes in time and weights, in words
 */
public record StepDescription(String name, String meaning, String cost, List<Setting> settings) {
    public StepDescription {
        settings = List.copyOf(settings);
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException("a step's name is lower case, found '" + name + "'");
        }
    }
}
