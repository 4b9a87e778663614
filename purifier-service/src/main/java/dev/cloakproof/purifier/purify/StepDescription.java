package dev.cloakproof.purifier.purify;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    /**
     * The step with other defaults, whatever the preset.
     *
     * @param values by setting
     * @throws IllegalArgumentException if there is no such setting, or it cannot have that value
     */
    StepDescription suited(Map<String, Double> values) {
        Map<String, Double> left = new TreeMap<>(values);
        List<Setting> changed = settings.stream()
                .map(setting -> {
                    Double value = left.remove(setting.name());
                    return value == null ? setting : setting.suited(value);
                })
                .toList();
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("the step " + name + " has no setting " + left.keySet() + ", only "
                    + settings.stream().map(Setting::name).toList());
        }
        return new StepDescription(name, meaning, cost, changed);
    }
}
