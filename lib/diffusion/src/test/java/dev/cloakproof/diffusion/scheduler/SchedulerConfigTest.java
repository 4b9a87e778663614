package dev.cloakproof.diffusion.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.diffusion.Fixtures;
import dev.cloakproof.diffusion.UnsupportedConfigException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerConfigTest {
    private static final Path PUBLISHED = Fixtures.folder("pipeline-sd2/scheduler/scheduler_config.json");

    @Test
    void aPublishedConfigurationIsThatOfStableDiffusion() {
        assertThat(SchedulerConfig.read(PUBLISHED)).isEqualTo(SchedulerConfig.stableDiffusion(SchedulerKind.PNDM));
    }

    @Test
    void absentKeysHaveTheDefaultsOfTheClassThatReadsThem() {
        SchedulerConfig ddpm = parse("\"_class_name\": \"DDPMScheduler\", \"skip_prk_steps\": true");
        assertThat(ddpm.numTrainTimesteps()).isEqualTo(1000);
        assertThat(ddpm.betaStart()).isEqualTo(0.0001);
        assertThat(ddpm.betaEnd()).isEqualTo(0.02);
        assertThat(ddpm.betaSchedule()).isEqualTo(BetaSchedule.LINEAR);
        assertThat(ddpm.predictionType()).isEqualTo(PredictionType.EPSILON);
        assertThat(ddpm.varianceType()).isEqualTo(VarianceType.FIXED_SMALL);
        assertThat(ddpm.timestepSpacing()).isEqualTo(TimestepSpacing.LEADING);
        assertThat(ddpm.clipSample()).isTrue();
        assertThat(ddpm.setAlphaToOne()).isFalse();
        assertThat(ddpm.withKind(SchedulerKind.DDIM).setAlphaToOne()).isTrue();
        assertThat(ddpm.withKind(SchedulerKind.PNDM).setAlphaToOne()).isFalse();
        assertThat(ddpm.withKind(SchedulerKind.EULER).timestepSpacing()).isEqualTo(TimestepSpacing.LINSPACE);
        assertThat(ddpm.withKind(SchedulerKind.DPM_SOLVER_PLUS_PLUS_2M).timestepSpacing())
                .isEqualTo(TimestepSpacing.LINSPACE);
    }

    @Test
    void statedKeysStayWhenTheSchedulerIsSwapped() {
        SchedulerConfig trailing =
                parse("\"_class_name\": \"DDIMScheduler\", \"timestep_spacing\": \"trailing\", \"clip_sample\": false");
        SchedulerConfig euler = trailing.withKind(SchedulerKind.EULER);
        assertThat(euler.timestepSpacing()).isEqualTo(TimestepSpacing.TRAILING);
        assertThat(euler.withKind(SchedulerKind.DDIM)).isEqualTo(trailing);
        assertThat(trailing.withPrediction(PredictionType.V_PREDICTION).predictionType())
                .isEqualTo(PredictionType.V_PREDICTION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_class_name             | \"LCMScheduler\"     | one of DDPMScheduler",
                "beta_schedule           | \"sigmoid\"          | one of [linear, scaled_linear, squaredcos_cap_v2]",
                "prediction_type         | \"flow_prediction\"  | one of [epsilon, v_prediction, sample]",
                "timestep_spacing        | \"uniform\"          | one of [leading, trailing, linspace]",
                "variance_type           | \"learned_range\"    | one of [fixed_small, fixed_large]",
                "final_sigmas_type       | \"one\"              | one of [zero, sigma_min]",
                "num_train_timesteps     | 0                    | a whole number of at least 1",
                "steps_offset            | -1                   | a whole number of at least 0",
                "beta_start              | 0                    | a number in (0, 1)",
                "beta_end                | 0.00001              | a number in [beta_start, 1)",
                "clip_sample_range       | 0                    | a number above 0",
                "clip_sample             | \"no\"               | true or false",
                "use_karras_sigmas       | true                 | false",
                "use_exponential_sigmas  | true                 | false",
                "use_beta_sigmas         | true                 | false",
                "use_lu_lambdas          | true                 | false",
                "use_flow_sigmas         | true                 | false",
                "use_dynamic_shifting    | true                 | false",
                "rescale_betas_zero_snr  | true                 | false",
                "thresholding            | true                 | false",
                "euler_at_final          | true                 | false",
                "trained_betas           | [0.1]                | nothing",
                "sigma_min               | 0.1                  | nothing",
                "sigma_max               | 9                    | nothing",
                "interpolation_type      | \"log_linear\"       | linear",
                "timestep_type           | \"continuous\"       | discrete",
                "algorithm_type          | \"sde-dpmsolver++\"  | dpmsolver++",
                "solver_order            | 3                    | 2",
                "solver_type             | \"heun\"             | midpoint",
                "lambda_min_clipped      | -5.1                 | -Infinity",
            })
    void whatIsNotBuiltIsRefusedByName(String key, String value, String expected) {
        String className = key.equals("_class_name") ? "" : "\"_class_name\": \"DDIMScheduler\", ";
        assertThatThrownBy(() -> parse(className + "\"" + key + "\": " + value))
                .isInstanceOf(UnsupportedConfigException.class)
                .hasMessageStartingWith("test:")
                .hasMessageContaining("'" + key + "': expected " + expected)
                .hasMessageContaining(", found ");
    }

    @Test
    void pndmNeedsItsRungeKuttaStartSkipped() {
        assertThatThrownBy(() -> parse("\"_class_name\": \"PNDMScheduler\""))
                .isInstanceOf(UnsupportedConfigException.class)
                .hasMessage("test: 'skip_prk_steps': expected true, found false");
        assertThatThrownBy(() -> parse("\"_class_name\": \"DDIMScheduler\"").withKind(SchedulerKind.PNDM))
                .isInstanceOf(UnsupportedConfigException.class)
                .hasMessage("PNDMScheduler: 'skip_prk_steps': expected true, found false");
    }

    @Test
    void aFileWithoutAClassIsRefused() {
        assertThatThrownBy(() -> parse("\"beta_start\": 0.1"))
                .isInstanceOf(UnsupportedConfigException.class)
                .hasMessageContaining("'_class_name': expected one of DDPMScheduler");
    }

    @Test
    void pythonsBareInfinityAndKeysOfOtherClassesAreRead() {
        SchedulerConfig config = parse("\"_class_name\": \"DPMSolverMultistepScheduler\","
                + "\"lambda_min_clipped\": -Infinity, \"variance_type\": null, \"flow_shift\": 1.0, \"novel\": [1]");
        assertThat(config.kind()).isEqualTo(SchedulerKind.DPM_SOLVER_PLUS_PLUS_2M);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadBackTheSame(SchedulerKind kind, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("scheduler_config.json");
        for (SchedulerConfig config : new SchedulerConfig[] {
            SchedulerConfig.stableDiffusion(kind),
            parse("\"_class_name\": \"DDPMScheduler\", \"variance_type\": \"fixed_large\", \"clip_sample_range\": 3,"
                    + "\"lower_order_final\": false, \"final_sigmas_type\": \"sigma_min\","
                    + "\"timestep_spacing\": \"trailing\", \"beta_schedule\": \"squaredcos_cap_v2\","
                    + "\"prediction_type\": \"v_prediction\", \"steps_offset\": 3, \"num_train_timesteps\": 500,"
                    + "\"beta_start\": 0.1, \"beta_end\": 0.2, \"set_alpha_to_one\": true, \"clip_sample\": true"),
        }) {
            config.write(file);
            assertThat(SchedulerConfig.read(file)).isEqualTo(config);
        }
    }

    private static SchedulerConfig parse(String keys) {
        return SchedulerConfig.parse("test", "{" + keys + "}");
    }
}
