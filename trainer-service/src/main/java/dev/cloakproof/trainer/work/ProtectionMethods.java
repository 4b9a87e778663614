package dev.cloakproof.trainer.work;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The protections by the names that requests use, with their settings. */
public final class ProtectionMethods {
    /** Levels in [-1, 1] that the released scripts give, as levels of 255. */
    private static final double OFFICIAL_BUDGET = 0.05 * 127.5;

    private static final double OFFICIAL_STEP = 0.005 * 127.5;

    /**
     * A number that a method takes.
     *
     * @param unit empty for none
     * @param official the value under the preset of the released code; {@code paper} holds under the others
     */
    public record Setting(
            String name,
            String meaning,
            String unit,
            double least,
            double most,
            boolean whole,
            double paper,
            double official) {}

    /**
     * A method.
     *
     * @param trains whether it trains a surrogate, and so needs pictures of the class
     */
    public record Method(String name, String description, String source, boolean trains, List<Setting> settings) {}

    /** The largest change of a sample, which every method takes. */
    public static final Setting BUDGET =
            new Setting("budget", "largest change of a sample", "1/255", 0.01, 64, false, 11, OFFICIAL_BUDGET);

    private static final Setting STEP =
            new Setting("step_size", "change in one step", "1/255", 0.01, 64, false, 1, OFFICIAL_STEP);
    private static final Setting RATE =
            new Setting("learning_rate", "of the surrogate's training", "", 1e-12, 1, false, 5e-7, 5e-7);
    private static final Setting CLASS_PICTURES =
            whole("class_pictures", "drawn for the surrogate's training", "pictures", 1, 10_000, 200);

    private static final String SURROGATE = " The surrogate is trained on the pictures themselves.";

    private static final Map<String, Method> METHODS = new TreeMap<>();

    static {
        add(new Method(
                "aspl",
                "Alternates between training a surrogate and ascending its loss." + SURROGATE,
                "Van Le et al. 2023, Anti-DreamBooth",
                true,
                List.of(
                        whole("rounds", "alternations", "", 1, 10_000, 50),
                        whole("clean_steps", "training steps of a copy on clean pictures, a round", "", 0, 1000, 3),
                        whole("steps", "steps on the pictures, a round", "", 1, 1000, 6),
                        whole("perturbed_steps", "training steps on perturbed pictures, a round", "", 0, 1000, 3),
                        STEP,
                        RATE,
                        CLASS_PICTURES)));
        add(new Method(
                "fsmg",
                "Trains a surrogate to the end, then ascends its loss." + SURROGATE,
                "Van Le et al. 2023, Anti-DreamBooth",
                true,
                List.of(
                        whole("surrogate_steps", "training steps of the surrogate", "", 0, 100_000, 1000),
                        whole("steps", "steps on the pictures", "", 1, 100_000, 100),
                        STEP,
                        RATE,
                        CLASS_PICTURES)));
        add(new Method(
                "advdm",
                "Ascends the denoising loss of the model as it is.",
                "Liang et al. 2023, AdvDM",
                false,
                List.of(whole("steps", "steps on the pictures", "", 1, 100_000, 100), STEP)));
        add(new Method(
                "photoguard",
                "Moves the pictures' latents towards zero.",
                "Salman et al. 2023, PhotoGuard, encoder attack",
                false,
                List.of(whole("steps", "steps on each picture", "", 1, 100_000, 200), STEP)));
    }

    private ProtectionMethods() {}

    /** All, by name. */
    public static Map<String, Method> all() {
        return Map.copyOf(METHODS);
    }

    private static void add(Method method) {
        METHODS.put(method.name(), method);
    }

    private static Setting whole(String name, String meaning, String unit, int least, int most, int value) {
        return new Setting(name, meaning, unit, least, most, true, value, value);
    }
}
