package dev.cloakproof.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.pipeline.Sampling;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.pipeline.TextToImage;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Placement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureDrawerTest {
    private static final Path FOLDER =
            Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-sd2");

    @TempDir
    private Path cache;

    private static PictureDrawer drawer() {
        PictureDrawer usual = PictureDrawer.of(FOLDER, 32);
        return new PictureDrawer(usual.tokenizer(), usual.scheduler(), usual.side(), 3, usual.guidance());
    }

    @Test
    void aPictureIsThatOfThePipelineAndLeavesNothingBehind() {
        PictureDrawer drawer = drawer();
        try (var model = DiffusionModel.load(FOLDER, Device.CPU);
                var pipeline = StableDiffusion.load(FOLDER, Placement.REFERENCE)) {
            var sampling = new Sampling(
                    List.of("a photo of person"), List.of(), 3, Guidance.scale(7.5), pipeline.scheduler(), 9);
            Picture expected = new TextToImage(pipeline)
                    .run(new TextToImage.Request(sampling, 32, 32), Progress.NONE)
                    .getFirst();
            long before = Tensor.live();
            assertThat(drawer.sample(model, "a photo of person", 9)).isEqualTo(expected);
            assertThat(Tensor.live()).isEqualTo(before);
        }
    }

    @Test
    void priorPicturesComeFromTheModelOnceAndFromTheCacheAfterwards() {
        List<Picture> drawn;
        try (var model = DiffusionModel.load(FOLDER, Device.CPU)) {
            drawn = new PriorPictures(cache, drawer().prior(model, Progress.NONE))
                    .get("a photo of person", 3, 1, "tiny", _ -> {}, () -> false);
        }
        assertThat(drawn).hasSize(3).doesNotHaveDuplicates();
        // The model is closed, so a further drawing would fail.
        assertThat(new PriorPictures(cache, (_, _) -> {
                            throw new AssertionError("drawn again");
                        })
                        .get("a photo of person", 3, 1, "tiny", _ -> {}, () -> false))
                .isEqualTo(drawn);
    }

    @Test
    void theDefaultsAreThoseOfTheReleasedCode() {
        PictureDrawer usual = PictureDrawer.of(FOLDER, 512);
        assertThat(usual.steps()).isEqualTo(50);
        assertThat(usual.guidance()).isEqualTo(Guidance.scale(7.5));
    }
}
