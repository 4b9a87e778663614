package dev.cloakproof.diffusion.scheduler;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.ConfigFile;
import dev.cloakproof.diffusion.UnsupportedConfigException;
import dev.cloakproof.tensor.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What scheduler_config.json says. Three keys have other defaults in other classes; where the file leaves one out, it
 * stays left out, so that {@link #withKind} gives what {@code Class.from_config(scheduler.config)} gives in Python.
 *
 * @param numTrainTimesteps how many timesteps training had, at least 1
 * @param betaStart beta of the first timestep, in (0, 1)
 * @param betaEnd beta of the last timestep, in [betaStart, 1)
 * @param statedSpacing empty: the class's own, see {@link #timestepSpacing()}
 * @param stepsOffset added to the timesteps of "leading" spacing
 * @param statedAlphaToOne empty: the class's own, see {@link #setAlphaToOne()}
 * @param statedClip empty: the class's own, see {@link #clipSample()}
 * @param clipSampleRange the predicted original is clipped to this times [-1, 1], if at all
 * @param skipPrkSteps must be true for PNDM: its Runge-Kutta start is not built here
 * @param lowerOrderFinal whether DPM-Solver++ ends with a first-order step where it has fewer than 15 steps
 */
public record SchedulerConfig(
        SchedulerKind kind,
        int numTrainTimesteps,
        double betaStart,
        double betaEnd,
        BetaSchedule betaSchedule,
        PredictionType predictionType,
        Optional<TimestepSpacing> statedSpacing,
        int stepsOffset,
        Optional<Boolean> statedAlphaToOne,
        Optional<Boolean> statedClip,
        double clipSampleRange,
        VarianceType varianceType,
        boolean skipPrkSteps,
        boolean lowerOrderFinal,
        FinalSigma finalSigma) {
    /** Keys of features that are not built here, with the value that leaves them off. */
    private static final Object[][] OFF = {
        {"trained_betas", null},
        {"thresholding", false},
        {"rescale_betas_zero_snr", false},
        {"use_karras_sigmas", false},
        {"use_exponential_sigmas", false},
        {"use_beta_sigmas", false},
        {"use_lu_lambdas", false},
        {"use_flow_sigmas", false},
        {"use_dynamic_shifting", false},
        {"euler_at_final", false},
        {"sigma_min", null},
        {"sigma_max", null},
        {"interpolation_type", "linear"},
        {"timestep_type", "discrete"},
        {"algorithm_type", "dpmsolver++"},
        {"solver_order", 2},
        {"solver_type", "midpoint"},
        {"lambda_min_clipped", Double.NEGATIVE_INFINITY},
    };

    public SchedulerConfig {
        require(0 < betaStart && betaStart < 1, "beta_start", "a number in (0, 1)", betaStart);
        require(betaStart <= betaEnd && betaEnd < 1, "beta_end", "a number in [beta_start, 1)", betaEnd);
        require(numTrainTimesteps >= 1, "num_train_timesteps", "at least 1", numTrainTimesteps);
        require(stepsOffset >= 0, "steps_offset", "at least 0", stepsOffset);
        require(clipSampleRange > 0, "clip_sample_range", "a number above 0", clipSampleRange);
        if (kind == SchedulerKind.PNDM) {
            require(skipPrkSteps, "skip_prk_steps", true, false);
            require(
                    predictionType != PredictionType.SAMPLE,
                    "prediction_type",
                    "another for PNDM",
                    predictionType.key());
        }
    }

    /** Stable Diffusion's noise, predicting eps, with the keys that its published configurations have. */
    public static SchedulerConfig stableDiffusion(SchedulerKind kind) {
        return new SchedulerConfig(
                kind,
                1000,
                0.00085,
                0.012,
                BetaSchedule.SCALED_LINEAR,
                PredictionType.EPSILON,
                Optional.empty(),
                1,
                Optional.of(false),
                Optional.of(false),
                1,
                VarianceType.FIXED_SMALL,
                true,
                true,
                FinalSigma.ZERO);
    }

    /**
     * The noise of Ho et al. 2020, which guided-diffusion's networks were trained with, predicting eps. What it says of x_0
     * is clipped, and a run ends at a signal of 1, as there (gaussian_diffusion.py).
     */
    public static SchedulerConfig guidedDiffusion(SchedulerKind kind) {
        return new SchedulerConfig(
                kind,
                1000,
                0.0001,
                0.02,
                BetaSchedule.LINEAR,
                PredictionType.EPSILON,
                Optional.empty(),
                0,
                Optional.of(true),
                Optional.of(true),
                1,
                VarianceType.FIXED_SMALL,
                true,
                true,
                FinalSigma.ZERO);
    }

    /**
     * Reads scheduler_config.json.
     *
     * @throws UnsupportedConfigException if it cannot be read, or asks for what is not built here
     */
    public static SchedulerConfig read(Path file) {
        return of(ConfigFile.read(file));
    }

    /** @param where what to call this text in errors */
    public static SchedulerConfig parse(String where, String json) {
        return of(ConfigFile.parse(where, json));
    }

    private static SchedulerConfig of(ConfigFile file) {
        file.check(file.has("_class_name"), "_class_name", "one of " + SchedulerKind.classNames());
        String className = file.text("_class_name", null);
        SchedulerKind kind = SchedulerKind.named(className)
                .orElseThrow(() -> new UnsupportedConfigException(
                        file.where(), "_class_name", "one of " + SchedulerKind.classNames(), className));
        for (Object[] feature : OFF) {
            file.only((String) feature[0], feature[1]);
        }
        return checked(
                file.where(),
                () -> new SchedulerConfig(
                        kind,
                        file.size("num_train_timesteps", 1000),
                        file.number("beta_start", 0.0001),
                        file.number("beta_end", 0.02),
                        oneOf(file, "beta_schedule", BetaSchedule.values(), BetaSchedule::key),
                        oneOf(file, "prediction_type", PredictionType.values(), PredictionType::key),
                        stated(
                                file,
                                "timestep_spacing",
                                key -> oneOf(file, key, TimestepSpacing.values(), TimestepSpacing::key)),
                        file.count("steps_offset", 0),
                        stated(file, "set_alpha_to_one", key -> file.flag(key, null)),
                        stated(file, "clip_sample", key -> file.flag(key, null)),
                        file.number("clip_sample_range", 1.0),
                        oneOf(file, "variance_type", VarianceType.values(), VarianceType::key),
                        file.flag("skip_prk_steps", false),
                        file.flag("lower_order_final", true),
                        oneOf(file, "final_sigmas_type", FinalSigma.values(), FinalSigma::key)));
    }

    public TimestepSpacing timestepSpacing() {
        return statedSpacing.orElse(kind.defaultSpacing());
    }

    /** Whether DDIM and PNDM end at a signal of 1 and not at that of timestep 0. */
    public boolean setAlphaToOne() {
        return statedAlphaToOne.orElse(kind.defaultAlphaToOne());
    }

    /** Whether DDPM and DDIM clip the predicted original. */
    public boolean clipSample() {
        return statedClip.orElse(kind.defaultClip());
    }

    /**
     * The same noise, sampled by another method.
     *
     * @throws UnsupportedConfigException if that method cannot be had with the other keys
     */
    public SchedulerConfig withKind(SchedulerKind other) {
        return with(other, predictionType);
    }

    /**
     * @throws UnsupportedConfigException if this method cannot be had with {@code other}
     */
    public SchedulerConfig withPrediction(PredictionType other) {
        return with(kind, other);
    }

    private SchedulerConfig with(SchedulerKind otherKind, PredictionType otherPrediction) {
        return checked(
                otherKind.className(),
                () -> new SchedulerConfig(
                        otherKind,
                        numTrainTimesteps,
                        betaStart,
                        betaEnd,
                        betaSchedule,
                        otherPrediction,
                        statedSpacing,
                        stepsOffset,
                        statedAlphaToOne,
                        statedClip,
                        clipSampleRange,
                        varianceType,
                        skipPrkSteps,
                        lowerOrderFinal,
                        finalSigma));
    }

    /** Writes scheduler_config.json as the Python library reads it, in one step. */
    public void write(Path file) throws IOException {
        var bytes = ByteBuffer.wrap(toJson().getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private String toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("_class_name", kind.className());
        node.put("num_train_timesteps", numTrainTimesteps);
        node.put("beta_start", betaStart);
        node.put("beta_end", betaEnd);
        node.put("beta_schedule", betaSchedule.key());
        node.put("prediction_type", predictionType.key());
        statedSpacing.ifPresent(spacing -> node.put("timestep_spacing", spacing.key()));
        node.put("steps_offset", stepsOffset);
        statedAlphaToOne.ifPresent(one -> node.put("set_alpha_to_one", one));
        statedClip.ifPresent(clip -> node.put("clip_sample", clip));
        node.put("clip_sample_range", clipSampleRange);
        node.put("variance_type", varianceType.key());
        node.put("skip_prk_steps", skipPrkSteps);
        node.put("lower_order_final", lowerOrderFinal);
        node.put("final_sigmas_type", finalSigma.key());
        return node.toPrettyString() + "\n";
    }

    private static <T> Optional<T> stated(ConfigFile file, String key, Function<String, T> read) {
        return file.has(key) ? Optional.of(read.apply(key)) : Optional.empty();
    }

    /** Absent counts as the first. */
    private static <T> T oneOf(ConfigFile file, String key, T[] values, Function<T, String> name) {
        String[] names = Arrays.stream(values).map(name).toArray(String[]::new);
        return values[Arrays.asList(names).indexOf(file.oneOf(key, names))];
    }

    private static void require(boolean holds, String key, Object expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException("'" + key + "': expected " + expected + ", found " + found);
        }
    }

    private static SchedulerConfig checked(String where, Supplier<SchedulerConfig> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw new UnsupportedConfigException(where, e.getMessage(), e);
        }
    }
}
