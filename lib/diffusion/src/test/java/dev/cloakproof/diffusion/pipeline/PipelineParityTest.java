package dev.cloakproof.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.diffusion.Fixtures;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.parity.Parity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole runs from prompt to pixels: the latents after every step, and the decoded picture, against diffusers with the
 * same seed. A guidance scale of 7.5 amplifies rounding: Python's own float32 and float64 runs differ by up to 6e-6 of
 * the largest latent.
 */
@Tag(Parity.TAG)
class PipelineParityTest {
    private static final double TRAJECTORY = 1e-4;

    /** What the fixture's two sources say, and where a run's latents are collected. */
    private static final class Run implements Progress {
        final Path folder;
        final String name;
        final JsonNode said;
        final Map<String, Tensor> tensors;
        final List<float[]> steps = new ArrayList<>();

        Run(String pipeline, String run) {
            folder = Fixtures.folder(pipeline);
            name = pipeline + " " + run;
            said = Fixtures.json(folder.resolve("runs").resolve(run + ".json"));
            tensors = Fixtures.load(folder.resolve("runs").resolve(run + ".safetensors"));
        }

        @Override
        public void step(int done, int total, Tensor latents) {
            steps.add(latents.toFloats());
        }

        Sampling sampling() {
            // The tree prints the number -Infinity as a string.
            var scheduler =
                    SchedulerConfig.parse(name, said.get("scheduler").toString().replace("\"-Infinity\"", "-Infinity"));
            return new Sampling(
                    texts("prompt"),
                    texts("negative_prompt"),
                    whole("num_inference_steps"),
                    Guidance.scale(said.get("guidance_scale").doubleValue()),
                    scheduler,
                    whole("seed"));
        }

        List<String> texts(String key) {
            List<String> texts = new ArrayList<>();
            said.get(key).forEach(text -> texts.add(text.textValue()));
            return texts;
        }

        int whole(String key) {
            return said.get(key).intValue();
        }

        void compare(Tensor decoded) {
            Tensor expected = tensors.get("out.latents");
            assertThat(steps).hasSize((int) expected.size(0));
            long[] one = Arrays.copyOfRange(expected.shape(), 1, expected.rank());
            Tensor found = Tensor.stack(
                    steps.stream().map(values -> Tensor.of(values, one)).toList(), 0);
            Parity.relative(name + " latents of " + steps.size() + " steps", found, expected, TRAJECTORY);
            Parity.relative(name + " decoded", decoded, tensors.get("out.decoded"), TRAJECTORY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pipeline-sd1, pndm", "pipeline-sd1, ddim-v", "pipeline-sd1, pndm-batch", "pipeline-sd2, ddpm",
        "pipeline-sd2, ddim", "pipeline-sd2, pndm", "pipeline-sd2, euler", "pipeline-sd2, dpmpp",
        "pipeline-sd2, ddpm-batch"
    })
    void textToImage(String pipeline, String name) {
        try (var _ = Scope.open()) {
            var run = new Run(pipeline, name);
            try (var model = StableDiffusion.load(run.folder, Placement.REFERENCE)) {
                var request = new TextToImage.Request(run.sampling(), run.whole("height"), run.whole("width"));
                Tensor latents = new TextToImage(model).latents(request, run);
                run.compare(Latents.decode(model.vae(), latents));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"pipeline-sd2, image-ddim", "pipeline-sd2, image-pndm"})
    void imageToImage(String pipeline, String name) {
        try (var _ = Scope.open()) {
            var run = new Run(pipeline, name);
            try (var model = StableDiffusion.load(run.folder, Placement.REFERENCE)) {
                var request = new ImageToImage.Request(
                        run.sampling(), anyPicture(), run.said.get("strength").doubleValue());
                Tensor latents = new ImageToImage(model).latents(request, pixels(run), run);
                run.compare(Latents.decode(model.vae(), latents));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"pipeline-x4, ddim", "pipeline-x4, ddim-eps"})
    void upscaling(String pipeline, String name) {
        try (var _ = Scope.open()) {
            var run = new Run(pipeline, name);
            try (var upscaler = Upscaler.load(run.folder, Placement.REFERENCE)) {
                var request = new Upscaler.Request(run.sampling(), anyPicture(), run.whole("noise_level"));
                Tensor latents = upscaler.latents(List.of(request), List.of(pixels(run)), run);
                run.compare(Latents.decode(upscaler.model().vae(), latents));
            }
        }
    }

    /** The fixture's picture is not of 256 levels, so it goes in as a tensor. */
    private static Tensor pixels(Run run) {
        return run.tensors.get("in.image").mul(2.0).add(-1.0);
    }

    private static Picture anyPicture() {
        return Picture.of(1, 1, new byte[3]);
    }
}
