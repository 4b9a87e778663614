package dev.cloakproof.purifier.purify;

import java.util.EnumMap;
import java.util.Map;

/**
 * A number that a step can be given.
 *
 * @param unit in words, empty for none
 * @param least the smallest value allowed
 * @param most the largest value allowed
 * @param whole whether only whole numbers make sense
 * @param defaults what each preset takes
 */
public record Setting(
        String name,
        String meaning,
        String unit,
        double least,
        double most,
        boolean whole,
        Map<Preset, Double> defaults) {

    public Setting {
        defaults = Map.copyOf(defaults);
        if (defaults.size() != Preset.values().length) {
            throw new IllegalArgumentException("a setting has a default for every preset, found " + defaults);
        }
    }

    /** A whole number with one default for all presets. */
    public static Setting whole(String name, String meaning, String unit, int least, int most, int value) {
        return new Setting(name, meaning, unit, least, most, true, same(value));
    }

    /** A number with one default for all presets. */
    public static Setting number(String name, String meaning, String unit, double least, double most, double value) {
        return new Setting(name, meaning, unit, least, most, false, same(value));
    }

    /** This setting where the released code, but not the paper, has another number. */
    public Setting official(double value) {
        return with(Preset.OFFICIAL, value);
    }

    /** This setting where the method's own authors have another number than the paper. */
    public Setting corrected(double value) {
        return with(Preset.CORRECTED, value);
    }

    private Setting with(Preset preset, double value) {
        Map<Preset, Double> changed = new EnumMap<>(defaults);
        changed.put(preset, value);
        return new Setting(name, meaning, unit, least, most, whole, changed);
    }

    /** This setting with a value that suits a model of another size, whatever the preset. */
    Setting suited(double value) {
        check(value);
        return new Setting(name, meaning, unit, least, most, whole, same(value));
    }

    private static Map<Preset, Double> same(double value) {
        return Map.of(Preset.PAPER, value, Preset.OFFICIAL, value, Preset.CORRECTED, value);
    }

    /** @throws IllegalArgumentException if the value is out of range, not whole where it must be, or no number */
    void check(double value) {
        if (!(value >= least && value <= most) || whole && value != Math.rint(value)) {
            throw new IllegalArgumentException(name + ": expected " + (whole ? "a whole number from " : "")
                    + Settings.text(least) + " to " + Settings.text(most) + ", found " + Settings.text(value));
        }
    }
}
