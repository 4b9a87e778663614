package dev.cloakproof.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cloakproof.diffusion.Fixtures;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.parity.Parity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {
    private static final TextToImage.Request REQUEST = new TextToImage.Request(
            new Sampling(List.of("a photo"), List.of(), 4, Guidance.scale(7.5), scheduler(), 5), 32, 32);

    @TempDir
    private Path folder;

    private static SchedulerConfig scheduler() {
        return SchedulerConfig.read(
                Fixtures.folder("pipeline-sd2").resolve("scheduler").resolve("scheduler_config.json"));
    }

    private void save(String fixture) throws Exception {
        try (var model = StableDiffusion.load(Fixtures.folder(fixture), Placement.REFERENCE)) {
            model.save(folder, Map.of("note", "saved by a test"));
        }
    }

    @Test
    void aSavedModelMakesTheSamePicture() throws Exception {
        for (String fixture : List.of("pipeline-sd1", "pipeline-sd2")) {
            save(fixture);
            try (var original = StableDiffusion.load(Fixtures.folder(fixture), Placement.REFERENCE);
                    var saved = StableDiffusion.load(folder, Placement.REFERENCE)) {
                assertThat(saved.unet().config()).isEqualTo(original.unet().config());
                assertThat(saved.vae().config()).isEqualTo(original.vae().config());
                assertThat(saved.textEncoder().config())
                        .isEqualTo(original.textEncoder().config());
                assertThat(new TextToImage(saved).run(REQUEST, Progress.NONE))
                        .isEqualTo(new TextToImage(original).run(REQUEST, Progress.NONE));
            }
        }
    }

    @Test
    void aModelIsNotSavedOverItself() throws Exception {
        save("pipeline-sd2");
        try (var model = StableDiffusion.load(folder, Placement.REFERENCE)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.save(folder.resolve("unet").resolve(".."), Map.of()))
                    .withMessageContaining("over the folder it was loaded from");
        }
    }

    @Test
    @Tag(Parity.TAG)
    void aSavedModelOpensInThePythonLibrary() throws Exception {
        String python = System.getenv("CLOAKPROOF_PYTHON");
        assumeTrue(python != null, "set CLOAKPROOF_PYTHON to a Python with diffusers (src/test/python) to run this");
        save("pipeline-sd2");
        Path out = folder.resolve("python.safetensors");
        Process process = new ProcessBuilder(
                        python,
                        Path.of("src", "test", "python", "check_saved.py").toString(),
                        folder.toString(),
                        out.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        try (var _ = Scope.open();
                var model = StableDiffusion.load(folder, Placement.REFERENCE)) {
            Map<String, Tensor> expected = Fixtures.load(out);
            List<Tensor> steps = new ArrayList<>();
            List<float[]> values = new ArrayList<>();
            var pictures = new TextToImage(model).run(REQUEST, (_, _, latents) -> values.add(latents.toFloats()));
            values.forEach(step -> steps.add(Tensor.of(step, 4, 4, 4)));
            Parity.relative(
                    "saved model in Python, latents", Tensor.stack(steps, 0), expected.get("out.latents"), 1e-4);
            Parity.relative(
                    "saved model in Python, picture",
                    PictureTensors.unit(pictures),
                    expected.get("out.picture"),
                    // our picture is rounded to 256 levels
                    0.51 / 255);
        }
    }
}
