package dev.cloakproof.diffusion.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.diffusion.UnsupportedConfigException;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Noise;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerTest {
    private static final long[] SHAPE = {2, 4, 3, 2};

    static Stream<Arguments> everyScheduler() {
        List<Arguments> all = new ArrayList<>();
        for (SchedulerKind kind : SchedulerKind.values()) {
            for (TimestepSpacing spacing : TimestepSpacing.values()) {
                for (PredictionType type : PredictionType.values()) {
                    if (kind != SchedulerKind.PNDM || type != PredictionType.SAMPLE) {
                        all.add(Arguments.of(kind, spacing, type));
                    }
                }
            }
        }
        return all.stream();
    }

    /**
     * Of PNDM only where it is so: it averages v of different levels, and with other spacings or from a picture the
     * reference, and so this, tells the network another timestep than the latents are at.
     */
    static Stream<Arguments> schedulersThatFollowTheNetwork() {
        return everyScheduler()
                .filter(scheduler -> scheduler.get()[0] != SchedulerKind.PNDM
                        || scheduler.get()[1] == TimestepSpacing.LEADING
                                && scheduler.get()[2] == PredictionType.EPSILON);
    }

    @ParameterizedTest
    @MethodSource("schedulersThatFollowTheNetwork")
    void aNetworkThatKnowsTheOriginalLeadsToIt(SchedulerKind kind, TimestepSpacing spacing, PredictionType type) {
        Scheduler scheduler = Scheduler.of(endingWithoutNoise(kind, spacing).withPrediction(type));
        for (double strength : kind == SchedulerKind.PNDM ? new double[] {1} : new double[] {1, 0.5}) {
            try (var _ = Scope.open();
                    Trajectory run = scheduler.begin(9, strength)) {
                Generator noise = Generator.seeded(3);
                Tensor original = Generator.seeded(1).normal(SHAPE);
                Tensor latents = run.addNoise(original, Generator.seeded(2).normal(SHAPE));

                for (int call = 0; call < run.calls(); call++) {
                    Tensor prediction = predict(run, call, latents, original, type);
                    latents = run.step(call, prediction, latents, noise);
                }

                assertThat(latents.toFloats()).containsExactly(original.toFloats(), within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunHasAsManyCallsAsSteps(SchedulerKind kind) {
        Scheduler scheduler = scheduler(kind);
        for (int steps : new int[] {1, 2, 3, 50, 999}) {
            try (Trajectory run = scheduler.begin(steps)) {
                int repeated = kind == SchedulerKind.PNDM && steps > 1 ? 1 : 0;
                assertThat(run.calls()).isEqualTo(steps + repeated);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyScheduler")
    void timestepsDescendWithinThoseOfTraining(SchedulerKind kind, TimestepSpacing spacing) {
        Scheduler scheduler = Scheduler.of(endingWithoutNoise(kind, spacing));
        for (int steps = 1; steps <= 300; steps++) {
            try (Trajectory run = scheduler.begin(steps)) {
                double[] timesteps = IntStream.range(0, run.calls())
                        .mapToDouble(run::timestep)
                        .toArray();
                assertThat(timesteps[0]).isLessThan(1000);
                assertThat(timesteps[timesteps.length - 1]).isNotNegative();
                for (int call = 1; call < timesteps.length; call++) {
                    if (kind == SchedulerKind.PNDM && call == 2) {
                        assertThat(timesteps[call]).isEqualTo(timesteps[call - 1]);
                    } else {
                        assertThat(timesteps[call]).isLessThan(timesteps[call - 1]);
                    }
                }
            }
        }
    }

    @Test
    void trailingLeavesOutTheTimestepBelowZeroThatNumPyAdds() {
        try (Trajectory run = Scheduler.of(endingWithoutNoise(SchedulerKind.DDIM, TimestepSpacing.TRAILING))
                .begin(61)) {
            assertThat(run.calls()).isEqualTo(61);
            assertThat(run.timestep(60)).isEqualTo(15);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stepsOutsideOfTrainingAreRefused(SchedulerKind kind) {
        for (int steps : new int[] {-1, 0, 1001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scheduler(kind).begin(steps))
                    .withMessage("steps: expected 1 to 1000, found " + steps);
        }
    }

    @Test
    void anOffsetThatLeadsBeyondTrainingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler(SchedulerKind.DDIM).begin(1000))
                .withMessageContaining("found 1000 at place 0")
                .withMessageContaining("leading, steps_offset 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
    void strengthOutOfRangeIsRefused(double strength) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler(SchedulerKind.PNDM).begin(10, strength))
                .withMessageContaining("strength: expected a number in (0, 1]");
    }

    @Test
    void aStrengthThatLeavesNothingToDoIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler(SchedulerKind.DDIM).begin(10, 0.09))
                .withMessageContaining("expected at least 0.1");
    }

    @Test
    void strengthLeavesOutTheNoisiestTimesteps() {
        assertThat(timesteps(scheduler(SchedulerKind.DDIM).begin(10, 0.35))).containsExactly(201, 101, 1);
        // PNDM's repeated timestep counts like any other
        assertThat(timesteps(scheduler(SchedulerKind.PNDM).begin(10, 0.35))).containsExactly(301, 201, 101, 1);
        assertThat(timesteps(scheduler(SchedulerKind.EULER).begin(10, 0.2))).containsExactly(111, 0);
    }

    @Test
    void pndmCallsTheSecondTimestepTwice() {
        assertThat(timesteps(scheduler(SchedulerKind.PNDM).begin(2))).containsExactly(501, 1, 1);
        assertThat(timesteps(scheduler(SchedulerKind.PNDM).begin(100))).startsWith(991, 981, 981, 971);
    }

    @Test
    void ddpmTakesTimestepsOfTheCallersChoice() {
        var scheduler = (DdpmScheduler) scheduler(SchedulerKind.DDPM);
        long[] all = LongStream.iterate(300, t -> t - 1).limit(301).toArray();
        assertThat(scheduler.begin(all).calls()).isEqualTo(301);
        for (long[] wrong : new long[][] {{}, {3, 3}, {3, 4}, {1000, 1}, {1, -1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scheduler.begin(wrong))
                    .withMessageStartingWith("timesteps: expected");
        }
    }

    @Test
    void etaOutOfRangeIsRefused() {
        var scheduler = (DdimScheduler) scheduler(SchedulerKind.DDIM);
        for (double eta : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scheduler.begin(10, 1, eta))
                    .withMessage("eta: expected a number in [0, 1], found " + eta);
        }
    }

    @Test
    void aConfigurationOfAnotherSchedulerIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DdimScheduler(SchedulerConfig.stableDiffusion(SchedulerKind.PNDM)))
                .withMessage("expected a configuration of DDIM, found PNDM");
        assertThatThrownBy(() ->
                        SchedulerConfig.stableDiffusion(SchedulerKind.PNDM).withPrediction(PredictionType.SAMPLE))
                .isInstanceOf(UnsupportedConfigException.class)
                .hasMessageContaining("prediction_type");
    }

    @ParameterizedTest
    @EnumSource
    void resultsAreFloat32WhateverTheNetworkComputesIn(SchedulerKind kind) {
        try (var _ = Scope.open();
                Trajectory run = scheduler(kind).begin(4)) {
            Tensor latents = Tensor.ones(SHAPE);
            for (int call = 0; call < run.calls(); call++) {
                Tensor prediction = Tensor.full(0.1, DType.F32, SHAPE).to(DType.BF16);
                latents = run.step(call, prediction, latents, Generator.seeded(1));
                assertThat(latents.dtype()).isEqualTo(DType.F32);
                assertThat(latents.allFinite()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatARunRemembersDoesNotBelongToTheCallersScopes(SchedulerKind kind) {
        try (var outer = Scope.open();
                Trajectory run = scheduler(kind).begin(6)) {
            Tensor latents = Tensor.ones(SHAPE);
            for (int call = 0; call < run.calls(); call++) {
                try (var step = Scope.open()) {
                    Tensor before = latents;
                    Tensor prediction = before.mul(0.1);
                    latents = step.keep(run.step(call, prediction, before, Generator.seeded(1)));
                    before.free();
                    prediction.free();
                }
            }
            assertThat(latents.allFinite()).isTrue();
            assertThat(outer).isNotNull();
        }
    }

    @Test
    void aCallThatFailedMayBeRepeatedAndAnyOtherOrderIsRefused() {
        try (var _ = Scope.open();
                Trajectory run = scheduler(SchedulerKind.DDPM).begin(3)) {
            Tensor latents = Tensor.ones(SHAPE);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.step(0, latents, latents, null))
                    .withMessageContaining("noise: expected a generator");
            Tensor next = run.step(0, latents, latents, Generator.seeded(1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.step(0, next, next, Generator.seeded(1)))
                    .withMessage("call: expected 1 of 3, found 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.step(2, next, next, Generator.seeded(1)))
                    .withMessage("call: expected 1 of 3, found 2");
        }
    }

    @Test
    void tensorsOfAnotherShapeAreRefused() {
        try (var _ = Scope.open();
                Trajectory run = scheduler(SchedulerKind.EULER).begin(3)) {
            Tensor latents = Tensor.ones(SHAPE);
            Tensor other = Tensor.ones(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.step(0, other, latents, null))
                    .withMessageContaining("prediction: expected the shape of");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.addNoise(latents, other))
                    .withMessageContaining("noise: expected the shape of");
        }
    }

    @Test
    void aClosedRunRefusesMoreSteps() {
        try (var _ = Scope.open()) {
            Trajectory run = scheduler(SchedulerKind.DDIM).begin(3);
            run.close();
            run.close();
            Tensor latents = Tensor.ones(SHAPE);
            assertThatIllegalStateException()
                    .isThrownBy(() -> run.step(0, latents, latents, null))
                    .withMessage("this trajectory is closed");
        }
    }

    @Test
    void whatIsRememberedIsFreedByClosingAndByTheLastCall() {
        try (var _ = Scope.open()) {
            Tensor latents = Tensor.ones(SHAPE);
            var cancelled = new Remembering(3);
            cancelled.step(0, latents, latents, null);
            assertThat(cancelled.remembered.item()).isEqualTo(7);
            cancelled.close();
            assertThatIllegalStateException().isThrownBy(cancelled.remembered::item);

            var finished = new Remembering(1);
            Tensor last = finished.step(0, latents, latents, null);
            assertThatIllegalStateException().isThrownBy(finished.remembered::item);
            assertThat(last.allFinite()).isTrue();
        }
    }

    /** Keeps one tensor a call. */
    private static final class Remembering extends AbstractTrajectory {
        private Tensor remembered;

        Remembering(int calls) {
            super(new double[calls]);
        }

        @Override
        NoiseLevel level(int call) {
            return new NoiseLevel(1, 0);
        }

        @Override
        Tensor next(int call, Tensor prediction, Tensor sample, Noise noise) {
            remembered = remember(Tensor.scalar(7));
            return sample;
        }
    }

    private static Scheduler scheduler(SchedulerKind kind) {
        return Scheduler.of(SchedulerConfig.stableDiffusion(kind));
    }

    /** With nothing between the last step and the original. */
    private static SchedulerConfig endingWithoutNoise(SchedulerKind kind, TimestepSpacing spacing) {
        return new SchedulerConfig(
                kind,
                1000,
                0.00085,
                0.012,
                BetaSchedule.SCALED_LINEAR,
                PredictionType.EPSILON,
                Optional.of(spacing),
                0,
                Optional.of(true),
                Optional.of(false),
                1,
                VarianceType.FIXED_SMALL,
                true,
                true,
                FinalSigma.ZERO);
    }

    /** The exact prediction: the eps that leads from {@code original} to what the network gets. */
    private static Tensor predict(Trajectory run, int call, Tensor latents, Tensor original, PredictionType type) {
        NoiseLevel level = ((AbstractTrajectory) run).level(call);
        Tensor input = run.scale(call, latents);
        Tensor eps = input.add(original, -level.signal()).div(level.noise());
        return switch (type) {
            case EPSILON -> eps;
            case V_PREDICTION -> eps.mul(level.signal()).add(original, -level.noise());
            case SAMPLE -> original;
        };
    }

    private static double[] timesteps(Trajectory run) {
        return IntStream.range(0, run.calls()).mapToDouble(run::timestep).toArray();
    }
}
