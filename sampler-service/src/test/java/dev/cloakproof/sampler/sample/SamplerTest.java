package dev.cloakproof.sampler.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.LoraWeights;
import dev.cloakproof.diffusion.pipeline.PromptTooLongException;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import dev.cloakproof.sampler.sample.watermark.RunTag;
import dev.cloakproof.sampler.sample.watermark.WatermarkDetector;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerTest {
    static final Path BASE = Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-sd2");

    private static final SamplingSpec SPEC = new SamplingSpec(
            List.of("a photo of sks person", "a smiling photo of sks person"),
            2,
            3,
            Guidance.scale(7.5),
            "noisy",
            Optional.of(SchedulerKind.DDIM),
            96,
            7,
            "runs/r-1");

    @TempDir
    private Path folder;

    /** Keeps what it hears. */
    private static class Heard implements SamplingListener {
        final List<Drawn> pictures = new ArrayList<>();
        final List<SamplingProgress> steps = new ArrayList<>();

        @Override
        public void step(SamplingProgress progress) {
            steps.add(progress);
        }

        @Override
        public void drawn(Drawn drawn) {
            pictures.add(drawn);
        }
    }

    private static Heard draw(PersonalModel model, SamplingSpec spec) {
        Heard heard = new Heard();
        new Sampler(model).draw(spec, 0, heard);
        return heard;
    }

    private static PersonalModel base() {
        return PersonalModel.base(BASE, Placement.REFERENCE);
    }

    private static SamplingSpec one(String prompt, long seed, Optional<SchedulerKind> scheduler) {
        return new SamplingSpec(
                List.of(prompt), 1, 3, SPEC.guidance(), SPEC.negativePrompt(), scheduler, 96, seed, SPEC.origin());
    }

    @Test
    void everyPictureHasItsOwnSeedAndIsTheSameAlone() {
        try (var model = base()) {
            List<Drawn> all = draw(model, SPEC).pictures;
            assertThat(all).extracting(Drawn::seed).containsExactly(7L, 8L, 9L, 10L);
            assertThat(all).extracting(Drawn::promptIndex).containsExactly(0, 0, 1, 1);
            assertThat(all).extracting(Drawn::pictureIndex).containsExactly(0, 1, 0, 1);
            Drawn alone = draw(model, one(SPEC.prompts().get(1), 9, SPEC.scheduler()))
                    .pictures
                    .getFirst();
            assertThat(alone.picture()).isEqualTo(all.get(2).picture());
            assertThat(all.get(0).picture()).isNotEqualTo(all.get(1).picture());
        }
    }

    @Test
    void aDrawingGoesOnWhereAnotherStopped() {
        Heard rest = new Heard();
        try (var model = base()) {
            new Sampler(model).draw(SPEC, 3, rest);
            assertThat(rest.pictures).isEqualTo(draw(model, SPEC).pictures.subList(3, 4));
        }
        assertThat(rest.steps.getFirst()).isEqualTo(new SamplingProgress(9, 12, 4, 4));
    }

    @Test
    void everyPictureIsMarked() {
        try (var model = base()) {
            assertThat(draw(model, SPEC).pictures)
                    .allSatisfy(drawn -> assertThat(
                                    WatermarkDetector.detect(drawn.picture()).tag())
                            .contains(RunTag.of("runs/r-1")));
        }
    }

    @Test
    void theListenerIsAskedBeforeEveryStepOfEveryPicture() {
        try (var model = base()) {
            List<SamplingProgress> steps = draw(model, SPEC).steps;
            assertThat(steps)
                    .extracting(SamplingProgress::done)
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
            assertThat(steps.getFirst()).isEqualTo(new SamplingProgress(0, 12, 1, 4));
        }
    }

    @Test
    void whatTheListenerThrowsEndsTheDrawing() {
        Heard impatient = new Heard() {
            @Override
            public void step(SamplingProgress progress) {
                super.step(progress);
                if (progress.done() == 4) {
                    throw new IllegalStateException("enough");
                }
            }
        };
        try (var model = base()) {
            assertThatThrownBy(() -> new Sampler(model).draw(SPEC, 0, impatient))
                    .hasMessage("enough");
            assertThat(impatient.pictures).hasSize(1);
        }
    }

    @Test
    void aPromptThatIsTooLongIsRefusedBeforeAnythingIsDrawn() {
        var spec = new SamplingSpec(
                List.of("fine", "word ".repeat(80)), 1, 3, SPEC.guidance(), "", SPEC.scheduler(), 96, 7, "runs/r-1");
        Heard heard = new Heard();
        try (var model = base()) {
            assertThatThrownBy(() -> new Sampler(model).draw(spec, 0, heard))
                    .isInstanceOf(PromptTooLongException.class);
        }
        assertThat(heard.steps).isEmpty();
    }

    @Test
    void theModelsOwnSchedulerIsUsedWhereNoneIsNamed() {
        try (var model = base()) {
            SchedulerKind own = model.networks().scheduler().kind();
            var named = draw(model, one("a photo", 1, Optional.of(own)));
            var unnamed = draw(model, one("a photo", 1, Optional.empty()));
            var other = draw(
                    model,
                    one(
                            "a photo",
                            1,
                            Optional.of(own == SchedulerKind.DDIM ? SchedulerKind.EULER : SchedulerKind.DDIM)));
            assertThat(unnamed.pictures).isEqualTo(named.pictures);
            assertThat(other.pictures).isNotEqualTo(named.pictures);
        }
    }

    @Test
    void aWholePersonalModelReplacesTheBase() throws IOException {
        Path trained = folder.resolve("trained");
        try (var model = StableDiffusion.load(BASE, new Placement(DType.F32, Device.CPU, true));
                var _ = Scope.open()) {
            InPlace.scale(List.of(model.unet().parameters().all().get("conv_out.weight")), 0.5);
            model.save(trained, Map.of());
        }
        try (var base = base();
                var personal = PersonalModel.of(BASE, trained, Placement.REFERENCE)) {
            var spec = one("a photo", 1, SPEC.scheduler());
            assertThat(draw(personal, spec).pictures).isNotEqualTo(draw(base, spec).pictures);
        }
    }

    @Test
    void adaptersChangeTheBase() throws IOException {
        String layer = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q";
        try (var _ = Scope.open();
                var base = base()) {
            long[] shape = base.networks()
                    .unet()
                    .parameters()
                    .all()
                    .get(layer + ".weight")
                    .shape();
            Files.createDirectories(folder.resolve("lora"));
            Pretrained.save(
                    folder.resolve("lora").resolve(LoraWeights.FILE),
                    Map.of(
                            "unet." + layer + ".lora.down.weight",
                            Generator.seeded(1).normal(2, shape[1]),
                            "unet." + layer + ".lora.up.weight",
                            Generator.seeded(2).normal(shape[0], 2).mul(9)),
                    Map.of());
            try (var personal = PersonalModel.of(BASE, folder.resolve("lora"), Placement.REFERENCE)) {
                var spec = one("a photo", 1, SPEC.scheduler());
                assertThat(draw(personal, spec).pictures).isNotEqualTo(draw(base, spec).pictures);
            }
        }
    }

    @Test
    void whatIsNoPersonalModelIsRefused() {
        assertThatThrownBy(() -> PersonalModel.of(BASE, folder, Placement.REFERENCE))
                .hasMessageContaining("unet")
                .hasMessageContaining(LoraWeights.FILE);
    }

    @Test
    void sizesAndCountsOutOfRangeAreRefused() {
        assertThatThrownBy(() ->
                        new SamplingSpec(List.of(), 1, 3, SPEC.guidance(), "", SPEC.scheduler(), 96, 7, "runs/r-1"))
                .hasMessageContaining("prompts");
        var odd = new SamplingSpec(List.of("a"), 1, 3, SPEC.guidance(), "", SPEC.scheduler(), 97, 7, "runs/r-1");
        try (var model = base()) {
            assertThatThrownBy(() -> draw(model, odd)).hasMessageContaining("multiples of 8");
        }
    }
}
