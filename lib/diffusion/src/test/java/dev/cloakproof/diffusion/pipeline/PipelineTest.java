package dev.cloakproof.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cloakproof.diffusion.Fixtures;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PipelineTest {
    private StableDiffusion model;
    private TextToImage textToImage;

    @BeforeEach
    void load() {
        model = StableDiffusion.load(Fixtures.folder("pipeline-sd2"), Placement.REFERENCE);
        textToImage = new TextToImage(model);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private TextToImage.Request request(List<String> prompts, int steps, long seed) {
        var scheduler = model.scheduler().withKind(SchedulerKind.PNDM);
        var sampling = new Sampling(prompts, List.of("noisy"), steps, Guidance.scale(7.5), scheduler, seed);
        return new TextToImage.Request(sampling, 32, 40);
    }

    @Test
    void aSeedGivesTheSamePicturesAndAnotherSeedOthers() {
        List<Picture> pictures = textToImage.run(request(List.of("a photo", "a cat"), 4, 1), Progress.NONE);
        assertThat(pictures).hasSize(2).allSatisfy(picture -> {
            assertThat(picture.width()).isEqualTo(40);
            assertThat(picture.height()).isEqualTo(32);
        });
        assertThat(textToImage.run(request(List.of("a photo", "a cat"), 4, 1), Progress.NONE))
                .isEqualTo(pictures);
        assertThat(textToImage.run(request(List.of("a photo", "a cat"), 4, 2), Progress.NONE))
                .isNotEqualTo(pictures);
    }

    @Test
    void runsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        List<Picture> alone = textToImage.run(request(List.of("a photo"), 6, 5), Progress.NONE);
        try (var pool = Executors.newFixedThreadPool(3)) {
            List<Callable<List<Picture>>> runs = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                long seed = i % 2 == 0 ? 5 : 6;
                runs.add(() -> textToImage.run(request(List.of("a photo"), 6, seed), Progress.NONE));
            }
            var results = pool.invokeAll(runs);
            assertThat(results.get(0).get()).isEqualTo(alone);
            assertThat(results.get(1).get()).isNotEqualTo(alone);
            assertThat(results.get(4).get()).isEqualTo(alone);
        }
    }

    @Test
    void progressIsToldAfterEveryStep() {
        List<String> told = new ArrayList<>();
        textToImage.run(request(List.of("a photo"), 3, 1), (done, total, latents) -> {
            assertThat(latents.shape()).containsExactly(1, 4, 4, 5);
            told.add(done + "/" + total);
        });
        // PNDM calls the network once more than there are steps.
        assertThat(told).containsExactly("1/4", "2/4", "3/4", "4/4");
    }

    @Test
    void aRunIsCancelledBeforeItsNextStepAndLeavesNothingBehind() {
        long before = Tensor.live();
        List<Integer> done = new ArrayList<>();
        Progress cancelling = new Progress() {
            @Override
            public void step(int step, int total, Tensor latents) {
                done.add(step);
            }

            @Override
            public boolean cancelled() {
                return done.size() == 2;
            }
        };
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> textToImage.run(request(List.of("a photo"), 50, 1), cancelling))
                .withMessage("cancelled after 2 of 51 steps");
        assertThat(done).containsExactly(1, 2);
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void memoryStaysFlatOver200Steps() {
        textToImage.run(request(List.of("a photo"), 2, 0), Progress.NONE);
        long before = Tensor.live();
        List<Long> live = new ArrayList<>();
        for (SchedulerKind kind : SchedulerKind.values()) {
            var request = new TextToImage.Request(
                    new Sampling(
                            List.of("a photo"),
                            List.of(),
                            40,
                            Guidance.scale(5),
                            model.scheduler().withKind(kind),
                            3),
                    32,
                    32);
            textToImage.run(request, (_, _, _) -> live.add(Tensor.live()));
        }
        assertThat(live).hasSizeGreaterThanOrEqualTo(200);
        // Within a run the schedulers that remember earlier predictions hold up to five of them.
        assertThat(Collections.max(live) - Collections.min(live)).isLessThanOrEqualTo(8);
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void withoutGuidanceTheNegativePromptIsNotRead() {
        var plain = new TextToImage.Request(
                new Sampling(List.of("a cat"), List.of("noisy"), 3, Guidance.scale(1), model.scheduler(), 1), 32, 32);
        var other = new TextToImage.Request(
                new Sampling(List.of("a cat"), List.of("blurry"), 3, Guidance.scale(1), model.scheduler(), 1), 32, 32);
        assertThat(textToImage.run(plain, Progress.NONE)).isEqualTo(textToImage.run(other, Progress.NONE));
    }

    @Test
    void thePapersWeightIsTheCodesScalePlusOne() {
        assertThat(Guidance.weight(7.5)).isEqualTo(Guidance.scale(8.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Guidance.scale(0.5))
                .withMessageContaining("expected 1 to 1000");
    }

    @Test
    void aPromptThatDoesNotFitIsRefused() {
        String prompt = "a ".repeat(80);
        assertThatExceptionOfType(PromptTooLongException.class)
                .isThrownBy(() -> textToImage.run(request(List.of(prompt), 2, 1), Progress.NONE))
                .withMessageContaining("5 tokens too long");
    }

    @Test
    void sizesThatTheAutoencoderCannotMakeAreRefused() {
        var request = new TextToImage.Request(
                new Sampling(List.of("a cat"), List.of(), 2, Guidance.scale(2), model.scheduler(), 1), 33, 32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> textToImage.run(request, Progress.NONE))
                .withMessageContaining("multiples of 8, found 32 x 33");
    }

    @Test
    void negativePromptsThatDoNotMatchAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sampling(
                        List.of("a", "b", "c"), List.of("x", "y"), 2, Guidance.scale(2), model.scheduler(), 1))
                .withMessageContaining("none, one or 3, found 2");
    }

    @Test
    void aModelInHalfPrecisionMakesNearlyTheSamePicture() {
        Picture reference = textToImage
                .run(request(List.of("a photo"), 4, 1), Progress.NONE)
                .getFirst();
        for (DType dtype : List.of(DType.BF16, DType.F16)) {
            try (var half = StableDiffusion.load(
                    Fixtures.folder("pipeline-sd2"), Placement.REFERENCE.as(dtype), Placement.REFERENCE)) {
                Picture picture = new TextToImage(half)
                        .run(request(List.of("a photo"), 4, 1), Progress.NONE)
                        .getFirst();
                assertThat(meanDifference(picture, reference)).isLessThan(dtype == DType.BF16 ? 16 : 2);
            }
        }
    }

    @Test
    void upscalingQuadruplesAnySize() {
        try (var upscaler = Upscaler.load(Fixtures.folder("pipeline-x4"), Placement.REFERENCE);
                var _ = Scope.open()) {
            Picture small = Picture.of(9, 7, new byte[9 * 7 * 3]);
            var request = new Upscaler.Request(
                    new Sampling(List.of("a photo"), List.of(), 2, Guidance.scale(9), upscaler.scheduler(), 1),
                    small,
                    20);
            Picture large = upscaler.run(request, Progress.NONE).getFirst();
            assertThat(large.width()).isEqualTo(36);
            assertThat(large.height()).isEqualTo(28);
        }
    }

    /** DDPM draws noise at every step, too. */
    @ParameterizedTest
    @EnumSource(names = {"DDIM", "DDPM"})
    void aPictureIsEnlargedAmongOthersAsAlone(SchedulerKind kind) {
        try (var upscaler = Upscaler.load(Fixtures.folder("pipeline-x4"), Placement.REFERENCE);
                var _ = Scope.open()) {
            List<Upscaler.Request> requests = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                requests.add(enlargement(
                        "a photo of " + i,
                        speckled(i),
                        7L + i,
                        upscaler.scheduler().withKind(kind)));
            }
            List<Picture> together = upscaler.run(requests, Progress.NONE);
            for (int i = 0; i < 3; i++) {
                Picture alone = upscaler.run(requests.get(i), Progress.NONE).getFirst();
                assertThat(meanDifference(alone, together.get(i))).isLessThan(0.01);
            }
            assertThat(meanDifference(together.get(0), together.get(1))).isGreaterThan(1);
            var other = enlargement(
                    "a photo",
                    Picture.of(9, 7, new byte[9 * 7 * 3]),
                    1,
                    upscaler.scheduler().withKind(kind));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> upscaler.run(List.of(requests.getFirst(), other), Progress.NONE))
                    .withMessageContaining("one size");
        }
    }

    private static Upscaler.Request enlargement(String prompt, Picture small, long seed, SchedulerConfig scheduler) {
        return new Upscaler.Request(
                new Sampling(List.of(prompt), List.of(), 2, Guidance.scale(9), scheduler, seed), small, 20);
    }

    private static Picture speckled(int kind) {
        byte[] rgb = new byte[8 * 8 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * (37 + kind));
        }
        return Picture.of(8, 8, rgb);
    }

    @Test
    void aNoiseLevelBeyondTheModelIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Upscaler.Request(
                        request(List.of("a"), 2, 1).sampling(), Picture.of(1, 1, new byte[3]), 351))
                .withMessageContaining("expected 0 to 350");
    }

    private static double meanDifference(Picture a, Picture b) {
        byte[] left = a.rgb();
        byte[] right = b.rgb();
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += Math.abs((left[i] & 0xff) - (right[i] & 0xff));
        }
        return sum / left.length;
    }
}
