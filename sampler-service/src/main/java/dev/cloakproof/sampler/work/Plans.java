package dev.cloakproof.sampler.work;

import dev.cloakproof.diffusion.UnsupportedConfigException;
import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.sampler.sample.SamplingSpec;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.service.records.ModelManifest;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.v1.Precision;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.SamplingParameters;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Reads parameters. What a request leaves out the preset fills in that it names; where it names none, the pack first. */
@Singleton
public class Plans {
    private final Packs packs;
    private final StoredModels models;

    Plans(Packs packs, StoredModels models) {
        this.packs = packs;
        this.models = models;
    }

    /**
     * @param model manifest of a personalised model; empty for the pack's own
     * @param askedPack as asked for
     * @param origin resource name of the run or call
     * @param seed for a request that leaves it out
     * @throws CloakproofException PACK_MISSING, PACK_DAMAGED, BLOB_MISSING, BLOB_CHANGED or PARAMETER_INVALID
     */
    public Plan of(SamplingParameters asked, Optional<Blob> model, String askedPack, String origin, LongSupplier seed) {
        ServicePack pack = packs.find(askedPack);
        Optional<ModelManifest> manifest = model.map(models::manifest);
        manifest.ifPresent(known -> requireSame(pack, known));
        var preset = preset(asked.getPreset());
        Numbers numbers = new Numbers(
                asked.getPreset() == Preset.PRESET_UNSPECIFIED ? pack.pack().defaults("sampling") : Map.of());
        boolean suffix = numbers.find("decoupling", asked.hasDecoupling(), asked.getDecoupling() ? 1 : 0, 1) != 0;
        Decoupling decoupling = Decoupling.of(asked, suffix, preset, manifest);
        List<String> prompts =
                asked.getPromptsCount() > 0 ? asked.getPromptsList() : Decoupling.prompts(preset, manifest);
        SchedulerKind scheduler = scheduler(asked.getScheduler(), pack);

        SamplingParameters parameters = SamplingParameters.newBuilder()
                .setPreset(message(preset))
                .setSeed(asked.hasSeed() ? asked.getSeed() : seed.getAsLong())
                .addAllPrompts(prompts)
                .setPicturesPerPrompt(whole(
                        "pictures_per_prompt",
                        numbers.find(
                                "pictures_per_prompt",
                                asked.hasPicturesPerPrompt(),
                                asked.getPicturesPerPrompt(),
                                preset.picturesPerPrompt()),
                        1000))
                .setSteps(
                        whole("steps", numbers.find("steps", asked.hasSteps(), asked.getSteps(), preset.steps()), 1000))
                .setGuidanceScale(guidance(numbers.find(
                        "guidance_scale", asked.hasGuidanceScale(), asked.getGuidanceScale(), preset.guidanceScale())))
                .setNegativePrompt(asked.hasNegativePrompt() ? asked.getNegativePrompt() : preset.negativePrompt())
                .setDecoupling(!decoupling.suffix().isEmpty())
                .setNoiseToken(decoupling.noiseToken())
                .setScheduler(Schedulers.name(scheduler))
                .setPrecision(precision(asked.getPrecision()))
                .build();
        return new Plan(
                pack,
                model,
                spec(parameters, decoupling, scheduler, pack.pictureSide(), origin),
                parameters,
                numbers.sources);
    }

    /** Finds numbers, and remembers where they came from. */
    private static final class Numbers {
        final Map<String, String> sources = new TreeMap<>();
        private final Map<String, Double> pack;

        Numbers(Map<String, Double> pack) {
            this.pack = pack;
        }

        double find(String name, boolean given, double asked, double preset) {
            boolean suited = !given && pack.containsKey(name);
            sources.put("sampling." + name, given ? "request" : suited ? "pack" : "preset");
            return given ? asked : suited ? pack.get(name) : preset;
        }
    }

    private static SamplingSpec spec(
            SamplingParameters parameters, Decoupling decoupling, SchedulerKind scheduler, int side, String origin) {
        try {
            return new SamplingSpec(
                    parameters.getPromptsList().stream()
                            .map(prompt -> prompt + decoupling.suffix())
                            .toList(),
                    parameters.getPicturesPerPrompt(),
                    parameters.getSteps(),
                    Guidance.scale(parameters.getGuidanceScale()),
                    parameters.getNegativePrompt(),
                    Optional.of(scheduler),
                    side,
                    parameters.getSeed(),
                    origin);
        } catch (IllegalArgumentException e) {
            throw Reason.PARAMETER_INVALID
                    .problem(e.getMessage())
                    .at("parameters", e.getMessage())
                    .exception(e);
        }
    }

    /** A model on another base would be drawn with, and look like, nothing that was trained. */
    private static void requireSame(ServicePack pack, ModelManifest model) {
        if (!pack.manifestSha256().equals(model.packSha256())) {
            throw Reason.PACK_MISSING
                    .problem("the model was trained on the pack '" + model.pack() + "' with the manifest "
                            + model.packSha256() + "; expected that, found '" + pack.name() + "' with "
                            + pack.manifestSha256())
                    .with("pack", model.pack())
                    .at("pack", "the pack that the model was trained on")
                    .exception();
        }
    }

    private static SchedulerKind scheduler(String asked, ServicePack pack) {
        Path file = Drawings.base(pack).resolve("scheduler").resolve("scheduler_config.json");
        SchedulerConfig own = SchedulerConfig.read(file);
        if (asked.isEmpty()) {
            return own.kind();
        }
        SchedulerKind kind = Schedulers.of(asked);
        if (kind == null) {
            throw invalid("scheduler", "one of " + Schedulers.names(), asked);
        }
        try {
            own.withKind(kind);
            return kind;
        } catch (UnsupportedConfigException e) {
            throw Reason.PARAMETER_INVALID
                    .problem("scheduler: " + e.getMessage())
                    .at("parameters.scheduler", "a scheduler that suits the model")
                    .exception(e);
        }
    }

    private static dev.cloakproof.sampler.sample.Preset preset(Preset asked) {
        return switch (asked) {
            case PRESET_UNSPECIFIED, PRESET_PAPER -> dev.cloakproof.sampler.sample.Preset.PAPER;
            case PRESET_OFFICIAL -> dev.cloakproof.sampler.sample.Preset.OFFICIAL;
            case PRESET_CORRECTED -> dev.cloakproof.sampler.sample.Preset.CORRECTED;
            case UNRECOGNIZED -> throw invalid("preset", "paper, official or corrected", "another one");
        };
    }

    private static Preset message(dev.cloakproof.sampler.sample.Preset preset) {
        return switch (preset) {
            case PAPER -> Preset.PRESET_PAPER;
            case OFFICIAL -> Preset.PRESET_OFFICIAL;
            case CORRECTED -> Preset.PRESET_CORRECTED;
        };
    }

    private static int whole(String field, double value, int most) {
        if (!(value >= 1 && value <= most && value == Math.rint(value))) {
            throw invalid(field, "1 to " + most, value);
        }
        return (int) value;
    }

    private static double guidance(double scale) {
        if (!(scale >= 1 && scale <= 50)) {
            throw invalid("guidance_scale", "1 to 50", scale);
        }
        return scale;
    }

    /** Networks are loaded in one precision only. */
    private Precision precision(Precision asked) {
        Precision here =
                switch (packs.dtype()) {
                    case F16 -> Precision.PRECISION_FLOAT16;
                    case BF16 -> Precision.PRECISION_BFLOAT16;
                    default -> Precision.PRECISION_FLOAT32;
                };
        if (asked != Precision.PRECISION_UNSPECIFIED && asked != here) {
            throw invalid("precision", "this server's " + here, asked);
        }
        return here;
    }

    private static CloakproofException invalid(String field, String expected, Object found) {
        return Reason.PARAMETER_INVALID
                .problem(field + ": expected " + expected + ", found " + found)
                .at("parameters." + field, "expected " + expected)
                .exception();
    }
}
