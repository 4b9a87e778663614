package dev.cloakproof.trainer.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.trainer.Fixtures;
import dev.cloakproof.trainer.train.TrainingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionTest {
    @Test
    void elevenLevelsAre22Of255InUnits() {
        assertThat(Budget.PAPER.unitRadius()).isCloseTo(22 / 255.0, within(1e-12));
        assertThat(Budget.PAPER.unitStep()).isCloseTo(2 / 255.0, within(1e-12));
        assertThat(Budget.ANTI_DREAMBOOTH.radius()).isCloseTo(6.375, within(1e-12));
    }

    /** Also where the float result lies on the budget's edge, beyond it by rounding, or beyond white and black. */
    @ParameterizedTest
    @ValueSource(doubles = {11, 6.375, 6.6, 0.4, 16})
    void picturesStayInsideTheBudgetAfterRounding(double radius) {
        try (var _ = Scope.open()) {
            var budget = new Budget(radius, 1);
            Picture original = Fixtures.pictures("instance", 1).getFirst();
            Tensor x0 = dev.cloakproof.trainer.train.Pixels.normalised(
                    dev.cloakproof.trainer.train.Pixels.levels(original));
            Tensor moved = budget.project(x0.add(Generator.seeded(3).normal(x0.shape()), 0.2), x0);
            Picture found = budget.pictures(moved, List.of(original)).getFirst();
            Picture stored = PictureReader.DEFAULT.read(PictureWriter.png(found));
            assertThat(largestMove(original, stored))
                    .isEqualTo((int) Math.floor(radius))
                    .isLessThanOrEqualTo((int) radius);
        }
    }

    private static int largestMove(Picture a, Picture b) {
        int largest = 0;
        byte[] before = a.rgb();
        byte[] after = b.rgb();
        for (int i = 0; i < before.length; i++) {
            largest = Math.max(largest, Math.abs((before[i] & 0xff) - (after[i] & 0xff)));
        }
        return largest;
    }

    @Test
    void manyStepsReachTheBudgetAndNotMore() {
        try (var model = Fixtures.model()) {
            Picture original = Fixtures.pictures("instance", 1).getFirst();
            var request = new Protection.Request(List.of(original), List.of(), List.of(), new Budget(2, 1), 5);
            Picture found = new PhotoGuard(model.autoencoder(), 4)
                    .protect(request, ProtectionMonitor.NONE)
                    .getFirst();
            assertThat(largestMove(original, found)).isEqualTo(2);
        }
    }

    @Test
    void aSeedGivesTheSamePerturbationAgain() {
        try (var model = Fixtures.model()) {
            var protection = new AdvDm(model, Fixtures.plainTokenizer(), SurrogateSpec.of("sks", "person"), 2);
            List<Picture> pictures = Fixtures.pictures("instance", 1);
            List<Picture> first = protection.protect(
                    new Protection.Request(pictures, List.of(), List.of(), Budget.PAPER, 1), ProtectionMonitor.NONE);
            List<Picture> again = protection.protect(
                    new Protection.Request(pictures, List.of(), List.of(), Budget.PAPER, 1), ProtectionMonitor.NONE);
            List<Picture> other = protection.protect(
                    new Protection.Request(pictures, List.of(), List.of(), Budget.PAPER, 2), ProtectionMonitor.NONE);
            assertThat(again).isEqualTo(first);
            assertThat(other).isNotEqualTo(first);
        }
    }

    @Test
    void progressIsToldAndCancellingEndsIt() {
        try (var model = Fixtures.model()) {
            List<Long> told = new ArrayList<>();
            var request =
                    new Protection.Request(Fixtures.pictures("instance", 2), List.of(), List.of(), Budget.PAPER, 1);
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> new PhotoGuard(model.autoencoder(), 3).protect(request, (done, total) -> {
                        assertThat(total).isEqualTo(6);
                        told.add(done);
                        return done < 4;
                    }))
                    .withMessage("cancelled after 4 of 6 steps");
            assertThat(told).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void badRequestsAreRefused() {
        List<Picture> pictures = Fixtures.pictures("instance", 1);
        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(() -> new Protection.Request(List.of(), List.of(), List.of(), Budget.PAPER, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Budget(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Budget(11, 256));
        try (var model = Fixtures.model()) {
            Aspl aspl = Aspl.standard(model, Fixtures.plainTokenizer(), SurrogateSpec.of("sks", "person"));
            var noClean = new Protection.Request(pictures, List.of(), pictures, Budget.PAPER, 1);
            assertThatExceptionOfType(TrainingException.class)
                    .isThrownBy(() -> aspl.protect(noClean, ProtectionMonitor.NONE));
            var noPrior = new Protection.Request(pictures, pictures, List.of(), Budget.PAPER, 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> aspl.protect(noPrior, ProtectionMonitor.NONE))
                    .withMessageContaining("pictures of the class");
        }
    }
}
