package dev.cloakproof.sampler.work;

import dev.cloakproof.sampler.sample.Preset;
import dev.cloakproof.service.records.ModelManifest;
import dev.cloakproof.v1.SamplingParameters;
import java.util.List;
import java.util.Optional;

/**
 * What prompts end with, and how they begin: a model knows the words that it was trained with.
 *
 * @param suffix empty for plain prompts
 * @param noiseToken the words in the suffix; empty where the model's own wording is another than the preset's
 */
record Decoupling(String suffix, String noiseToken) {
    private static final String WITHOUT = "without ";

    /**
     * Whether there is a suffix is for the request to say, then for the pack. The request's noise token counts first, then the model's own suffix, then the preset's. A model that was trained
     * without decoupling gets a suffix if it is asked for, and from the released code's preset, which always adds one.
     *
     * @param suits whether a suffix suits the pack's models
     */
    static Decoupling of(SamplingParameters asked, boolean suits, Preset preset, Optional<ModelManifest> model) {
        if (asked.hasDecoupling() ? !asked.getDecoupling() : !suits) {
            return new Decoupling("", "");
        }
        if (!asked.getNoiseToken().isBlank()) {
            return preset(preset, asked.getNoiseToken().strip());
        }
        Optional<String> own = model.map(ModelManifest::samplingSuffix);
        if (own.isEmpty() || own.get().isEmpty() && (asked.hasDecoupling() || preset == Preset.OFFICIAL)) {
            return preset(preset, preset.noiseToken());
        }
        String token = noise(own.get());
        return new Decoupling(own.get(), preset.suffix(token).equals(own.get()) ? token : "");
    }

    private static Decoupling preset(Preset preset, String token) {
        return new Decoupling(preset.suffix(token), token);
    }

    private static String noise(String suffix) {
        int at = suffix.indexOf(WITHOUT);
        return at < 0 ? "" : suffix.substring(at + WITHOUT.length());
    }

    /** The preset's prompts, about what the model was trained on. */
    static List<String> prompts(Preset preset, Optional<ModelManifest> model) {
        String caption = model.map(ModelManifest::instancePrompt).orElse("");
        String noise = model.map(known -> noise(known.samplingSuffix())).orElse("");
        String plain = noise.isEmpty()
                ? caption
                : caption.replace(" with " + noise, "").replace(", " + noise, "");
        if (plain.isBlank()) {
            return preset.prompts();
        }
        return plain.startsWith("a photo")
                ? List.of(plain, plain.replaceFirst("a photo", "a smiling photo"))
                : List.of(plain);
    }
}
