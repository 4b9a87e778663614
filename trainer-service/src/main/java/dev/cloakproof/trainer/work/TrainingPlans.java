package dev.cloakproof.trainer.work;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.optim.AdamWSettings;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.tensor.pack.PackException;
import dev.cloakproof.trainer.train.CdlPrompts;
import dev.cloakproof.trainer.train.CheckpointSpec;
import dev.cloakproof.trainer.train.OptimizerSpec;
import dev.cloakproof.trainer.train.PromptIds;
import dev.cloakproof.trainer.train.PromptStyle;
import dev.cloakproof.trainer.train.TrainingSpec;
import dev.cloakproof.trainer.work.TrainingPlan.ClassPictures;
import dev.cloakproof.v1.Precision;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.TrainingParameters;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Reads training parameters. */
@Singleton
public class TrainingPlans {
    /** The component of a pack that is trained, and its family. */
    private static final String COMPONENT = "diffusion";

    private static final String FAMILY = "stable-diffusion";
    private static final int KEPT_CHECKPOINTS = 2;
    private static final Set<String> PACK_NUMBERS = Set.of(
            "steps",
            "learning_rate",
            "weight_decay",
            "prior_weight",
            "class_pictures",
            "batch_size",
            "gradient_accumulation_steps",
            "train_text_encoder",
            "max_gradient_norm",
            "checkpoint_interval",
            "eight_bit",
            "recompute");

    private final Packs packs;

    TrainingPlans(Packs packs) {
        this.packs = packs;
    }

    /**
     * The folder of a pack's diffusion model.
     *
     * @throws CloakproofException PACK_MISSING if the pack has none
     */
    public static Path model(ServicePack pack) {
        try {
            return pack.pack().path(COMPONENT, FAMILY);
        } catch (PackException e) {
            throw Reason.PACK_MISSING
                    .problem("expected a pack with a diffusion model: " + e.getMessage())
                    .with("pack", pack.name())
                    .exception(e);
        }
    }

    /**
     * @param askedPack empty for the default pack
     * @param seed for a request that leaves it out
     * @throws CloakproofException PARAMETER_INVALID, PROMPT_TOO_LONG, PACK_MISSING or PACK_DAMAGED
     */
    public TrainingPlan of(TrainingParameters asked, String askedPack, LongSupplier seed) {
        ServicePack pack = packs.find(askedPack);
        Path model = model(pack);
        Preset preset = preset(asked.getPreset());
        CdlPrompts prompts = Failures.translated(() -> prompts(asked, preset));
        Failures.translated(() -> requireShort(prompts, model));

        var numbers = new Numbers("training", suited(pack, asked.getPreset(), "training"), PACK_NUMBERS);
        TrainingParameters.Builder all = TrainingParameters.newBuilder()
                .setPreset(preset)
                .setSeed(asked.hasSeed() ? asked.getSeed() : seed.getAsLong())
                .setInstancePrompt(prompts.plainInstance())
                .setClassPrompt(prompts.plainClass())
                .setDecoupling(prompts.style() != PromptStyle.OFF)
                .setNoiseToken(prompts.noiseToken())
                .setSteps(numbers.whole("steps", given(asked.hasSteps(), asked.getSteps()), 1, 100_000, 1000))
                .setLearningRate(numbers.number(
                        "learning_rate",
                        given(asked.hasLearningRate(), asked.getLearningRate()),
                        Double.MIN_VALUE,
                        1,
                        5e-7))
                .setWeightDecay(numbers.number(
                        "weight_decay", given(asked.hasWeightDecay(), asked.getWeightDecay()), 0, 1, 1e-2))
                .setPriorWeight(numbers.number(
                        "prior_weight", given(asked.hasPriorWeight(), asked.getPriorWeight()), 0, 100, 1))
                .setClassPictures(numbers.whole(
                        "class_pictures", given(asked.hasClassPictures(), asked.getClassPictures()), 0, 10_000, 200))
                .setBatchSize(numbers.whole("batch_size", given(asked.hasBatchSize(), asked.getBatchSize()), 1, 64, 1))
                .setGradientAccumulationSteps(numbers.whole(
                        "gradient_accumulation_steps",
                        given(asked.hasGradientAccumulationSteps(), asked.getGradientAccumulationSteps()),
                        1,
                        64,
                        1))
                .setTrainTextEncoder(numbers.flag(
                        "train_text_encoder", given(asked.hasTrainTextEncoder(), asked.getTrainTextEncoder()), true))
                .setMaxGradientNorm(numbers.number(
                        "max_gradient_norm",
                        given(asked.hasMaxGradientNorm(), asked.getMaxGradientNorm()),
                        Double.MIN_VALUE,
                        Double.MAX_VALUE,
                        1))
                .setCheckpointInterval(numbers.whole(
                        "checkpoint_interval",
                        given(asked.hasCheckpointInterval(), asked.getCheckpointInterval()),
                        1,
                        100_000,
                        100))
                .setPrecision(precision(asked.getPrecision()));
        boolean eightBit = numbers.flag("eight_bit", Optional.empty(), true);
        boolean recompute = numbers.flag("recompute", Optional.empty(), true);
        TrainingParameters parameters = all.build();
        TrainingSpec spec = Failures.translated(() -> spec(parameters, prompts, pack, eightBit, recompute));

        var classPictures =
                classPictures(pack, asked.getPreset(), asked.hasSeed() ? asked.getSeed() : 0, numbers.sources());
        return new TrainingPlan(pack, spec, classPictures, parameters, numbers.sources());
    }

    /** The pack's numbers; who asks for a preset by name gets that preset's. */
    static Map<String, Double> suited(ServicePack pack, Preset asked, String section) {
        return asked == Preset.PRESET_UNSPECIFIED ? pack.pack().defaults(section) : Map.of();
    }

    /** How the pack's model draws pictures of a class; adds to the sources. */
    static ClassPictures classPictures(ServicePack pack, Preset asked, long seed, Map<String, String> sources) {
        var numbers = new Numbers(
                "class_pictures",
                suited(pack, asked, "sampling"),
                Set.of("steps", "guidance_scale", "pictures_per_prompt", "decoupling"));
        var how = new ClassPictures(
                numbers.whole("steps", Optional.empty(), 1, 999, 50),
                numbers.number("guidance_scale", Optional.empty(), 1, 50, 7.5),
                seed);
        sources.putAll(numbers.sources());
        return how;
    }

    private static CdlPrompts prompts(TrainingParameters asked, Preset preset) {
        CdlPrompts usual = preset == Preset.PRESET_OFFICIAL
                ? CdlPrompts.official("sks", "person")
                : CdlPrompts.paper("sks", "person");
        boolean decoupling = !asked.hasDecoupling() || asked.getDecoupling();
        return new CdlPrompts(
                decoupling ? usual.style() : PromptStyle.OFF,
                or(asked.getInstancePrompt(), usual.plainInstance()),
                or(asked.getClassPrompt(), usual.plainClass()),
                or(asked.getNoiseToken(), usual.noiseToken()));
    }

    private static Void requireShort(CdlPrompts prompts, Path model) {
        PromptIds ids = PromptIds.of(ClipTokenizer.load(model.resolve("tokenizer")));
        ids.of(prompts.instance());
        ids.of(prompts.prior());
        return null;
    }

    private static TrainingSpec spec(
            TrainingParameters parameters, CdlPrompts prompts, ServicePack pack, boolean eightBit, boolean recompute) {
        AdamWSettings usual = AdamWSettings.DEFAULT;
        OptimizerSpec optimizer = eightBit ? OptimizerSpec.ADAMW_8BIT : OptimizerSpec.ADAMW;
        return TrainingSpec.paper(prompts)
                .but()
                .resolution(pack.pictureSide())
                .learningRate(LearningRate.constant(parameters.getLearningRate(), parameters.getSteps()))
                .optimizer(new OptimizerSpec(
                        new AdamWSettings(usual.beta1(), usual.beta2(), usual.eps(), parameters.getWeightDecay()),
                        optimizer.block(),
                        parameters.getMaxGradientNorm()))
                .batchSize(parameters.getBatchSize())
                .accumulation(parameters.getGradientAccumulationSteps())
                .priorWeight(parameters.getPriorWeight())
                .priorCount(parameters.getPriorWeight() == 0 ? 0 : parameters.getClassPictures())
                .textEncoder(parameters.getTrainTextEncoder())
                .compute(parameters.getPrecision() == Precision.PRECISION_BFLOAT16 ? DType.BF16 : DType.F32)
                .recompute(recompute)
                .seed(parameters.getSeed())
                .checkpoints(new CheckpointSpec(parameters.getCheckpointInterval(), KEPT_CHECKPOINTS))
                .build();
    }

    static Preset preset(Preset asked) {
        return switch (asked) {
            case PRESET_UNSPECIFIED -> Preset.PRESET_PAPER;
            case PRESET_PAPER, PRESET_OFFICIAL, PRESET_CORRECTED -> asked;
            case UNRECOGNIZED -> throw invalid("preset", "paper, official or corrected");
        };
    }

    static Precision precision(Precision asked) {
        return switch (asked) {
            case PRECISION_UNSPECIFIED, PRECISION_FLOAT32 -> Precision.PRECISION_FLOAT32;
            case PRECISION_BFLOAT16 -> asked;
            default -> throw invalid("precision", "float32 or bfloat16: gradients overflow in float16");
        };
    }

    static <T> Optional<T> given(boolean present, T value) {
        return present ? Optional.of(value) : Optional.empty();
    }

    private static String or(String asked, String usual) {
        return asked.isBlank() ? usual : asked.strip();
    }

    private static CloakproofException invalid(String field, String expected) {
        return Reason.PARAMETER_INVALID
                .problem(field + ": expected " + expected)
                .at("parameters." + field, expected)
                .exception();
    }
}
