package dev.cloakproof.purifier.purify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of one step, all of them, each within its range. Equal if all values are. */
public final class Settings {
    private final Map<String, Double> values;

    private Settings(Map<String, Double> values) {
        this.values = values;
    }

    /**
     * @param given what the caller chose; the preset fills the rest
     * @throws IllegalArgumentException if a name is unknown or a value not allowed
     */
    public static Settings of(StepDescription step, Map<String, Double> given, Preset preset) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Setting setting : step.settings()) {
            double value = given.getOrDefault(setting.name(), setting.defaults().get(preset));
            setting.check(value);
            values.put(setting.name(), value);
        }
        for (String name : given.keySet()) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException(
                        step.name() + " has no setting '" + name + "', only " + values.keySet());
            }
        }
        return new Settings(values);
    }

    public double number(String name) {
        return values.get(name);
    }

    public int whole(String name) {
        return (int) Math.rint(values.get(name));
    }

    /** 1 is yes. */
    public boolean flag(String name) {
        return values.get(name) == 1;
    }

    /** Every value by name, in the step's order. */
    public Map<String, Double> all() {
        return Collections.unmodifiableMap(values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings settings && values.equals(settings.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Without a needless fraction. */
    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
