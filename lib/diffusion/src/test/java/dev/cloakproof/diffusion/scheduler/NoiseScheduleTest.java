package dev.cloakproof.diffusion.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NoiseScheduleTest {
    private final NoiseSchedule noise = NoiseSchedule.of(SchedulerConfig.stableDiffusion(SchedulerKind.DDPM));

    /** Numbers printed by diffusers. */
    @Test
    void betasAreThoseOfTheReference() {
        NoiseSchedule linear = of("linear");
        assertThat(linear.beta(0)).isEqualTo(9.999999747378752e-05f);
        assertThat(linear.beta(500)).isEqualTo(0.010059959255158901f);
        assertThat(linear.alphaCumprod(999)).isEqualTo(4.035830352222547e-05f);
        NoiseSchedule cosine = of("squaredcos_cap_v2");
        assertThat(cosine.beta(0)).isEqualTo(4.128422369831242e-05f);
        assertThat(cosine.beta(500)).isEqualTo(0.003155691549181938f);
        assertThat(cosine.beta(999)).isEqualTo(0.9990000128746033f);
        assertThat(cosine.alphaCumprod(500)).isEqualTo(0.4922850430011749f);
    }

    /** Numbers of guided-diffusion's own schedule, which it computes in float64. */
    @Test
    void guidedDiffusionsNoiseIsLinear() {
        NoiseSchedule guided = NoiseSchedule.of(SchedulerConfig.guidedDiffusion(SchedulerKind.DDIM));
        assertThat(guided.alphaCumprod(8)).isCloseTo(.99838403f, within(1e-6f));
        assertThat(guided.alphaCumprod(100)).isCloseTo(.89514159f, within(1e-6f));
        assertThat(guided.alphaCumprod(999)).isCloseTo(4.0358e-5f, within(1e-9f));
    }

    @Test
    void signalFallsAndNoiseRisesWithTheTimestep() {
        assertThat(noise.timesteps()).isEqualTo(1000);
        for (int t = 1; t < 1000; t++) {
            assertThat(noise.alphaCumprod(t)).isLessThan(noise.alphaCumprod(t - 1));
            assertThat(noise.sigma(t)).isGreaterThan(noise.sigma(t - 1));
            assertThat(noise.snr(t)).isLessThan(noise.snr(t - 1));
            NoiseLevel level = noise.level(t);
            assertThat(level.signal() * level.signal() + level.noise() * level.noise())
                    .isCloseTo(1, within(1e-6));
            assertThat(noise.snr(t)).isCloseTo(1 / Math.pow(noise.sigma(t), 2), within(noise.snr(t) * 1e-5));
        }
    }

    @Test
    void eachItemOfABatchHasItsOwnTimestep() {
        try (var _ = Scope.open()) {
            Tensor original = Generator.seeded(1).normal(2, 3, 4, 4);
            Tensor eps = Generator.seeded(2).normal(2, 3, 4, 4);
            long[] timesteps = {10, 900};
            Tensor noised = noise.addNoise(original, eps, timesteps);
            Tensor velocity = noise.velocity(original, eps, timesteps);
            for (int item = 0; item < 2; item++) {
                NoiseLevel level = noise.level(timesteps[item]);
                Tensor x = noised.select(0, item);
                Tensor v = velocity.select(0, item);
                // both lead back to what was mixed
                assertThat(level.original(PredictionType.V_PREDICTION, v, x).toFloats())
                        .containsExactly(original.select(0, item).toFloats(), within(1e-5f));
                assertThat(level.epsilon(PredictionType.V_PREDICTION, v, x).toFloats())
                        .containsExactly(eps.select(0, item).toFloats(), within(1e-5f));
            }
        }
    }

    @Test
    void batchesThatDoNotFitAreRefused() {
        try (var _ = Scope.open()) {
            Tensor two = Tensor.ones(2, 3);
            assertThatIllegalArgumentException().isThrownBy(() -> noise.addNoise(two, two, new long[] {1}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> noise.addNoise(two, Tensor.ones(1, 3), new long[] {1, 2}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> noise.velocity(two, two, new long[] {1, 1000}))
                    .withMessage("timestep 1000 is not in [0, 1000)");
            assertThatIllegalArgumentException().isThrownBy(() -> noise.alphaCumprod(-1));
        }
    }

    private static NoiseSchedule of(String schedule) {
        return NoiseSchedule.of(SchedulerConfig.parse(
                "test", "{\"_class_name\": \"DDPMScheduler\", \"beta_schedule\": \"" + schedule + "\"}"));
    }
}
