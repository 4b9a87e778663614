package dev.cloakproof.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.diffusion.pipeline.LoraWeights;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.trainer.Fixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Trains, has diffusers open the result (check_trained.py), and compares both sides' outputs. */
@Tag(Parity.TAG)
@EnabledIfEnvironmentVariable(
        named = "CLOAKPROOF_PYTHON",
        matches = ".+",
        disabledReason = "CLOAKPROOF_PYTHON names no Python with diffusers and peft (src/test/python/requirements.txt)")
class OpensInPythonTest {
    @TempDir
    private Path folder;

    private Path train(DiffusionModel model, String name, LoraSpec lora) {
        TrainingSpec spec = Fixtures.spec()
                .but()
                .lora(lora)
                .learningRate(LearningRate.constant(1e-2, 3))
                .build();
        return new DreamBooth(model, Fixtures.tokenizer(), spec, folder.resolve(name), () -> Long.MAX_VALUE)
                .run(Fixtures.pictures(), Validation.NONE, TrainingListener.NONE, new TrainingControl())
                .model()
                .orElseThrow();
    }

    @Test
    void trainedModelsGiveTheSameNumbersThere() throws Exception {
        Path out = folder.resolve("python.safetensors");
        try (var _ = Scope.open();
                var first = Fixtures.model();
                var second = Fixtures.model()) {
            Path full = train(first, "full", null);
            Path lora = train(second, "lora", new LoraSpec(4, 8));
            Process python = new ProcessBuilder(
                            System.getenv("CLOAKPROOF_PYTHON"),
                            "src/test/python/check_trained.py",
                            Fixtures.modelFolder().toString(),
                            full.toString(),
                            lora.toString(),
                            out.toString())
                    .inheritIO()
                    .start();
            assertThat(python.waitFor()).isZero();
            Map<String, Tensor> theirs = Pretrained.tensors(out);
            try (var encoder = ClipTextEncoder.load(full.resolve("text_encoder"), Placement.REFERENCE);
                    var unet = UNet.load(full.resolve("unet"), Placement.REFERENCE)) {
                compare("full", encoder, unet, theirs);
            }
            try (var model = DiffusionModel.load(full, Device.CPU)) {
                comparePicture("full", model, theirs);
            }
            try (var model = Fixtures.model();
                    var trained = LoraWeights.load(lora.resolve(LoraWeights.FILE), pipeline(model))) {
                assertThat(trained.layers()).isPositive();
                compare("lora", model.encoder(), model.unet(), theirs);
                comparePicture("lora", model, theirs);
            }
        }
    }

    private static StableDiffusion pipeline(DiffusionModel model) {
        PictureDrawer usual = PictureDrawer.of(model.folder(), Fixtures.SIDE);
        return new StableDiffusion(
                model.folder(),
                usual.tokenizer(),
                model.encoder(),
                model.unet(),
                model.autoencoder(),
                usual.scheduler());
    }

    private static void compare(String name, ClipTextEncoder encoder, UNet unet, Map<String, Tensor> theirs) {
        Tensor context = encoder.encode(theirs.get(name + ".ids")).expand(2, 77, 16);
        Tensor latents = Generator.seeded(1).normal(2, 4, 8, 8);
        Tensor predicted = unet.predict(latents, Tensor.of(new long[] {981, 21}, 2), context);
        Parity.relative(name + " model opened by diffusers, text", context, theirs.get(name + ".context"), 1e-5);
        Parity.relative(name + " model opened by diffusers, noise", predicted, theirs.get(name + ".predicted"), 1e-5);
    }

    /** Ours is rounded to 256 levels, theirs is not. */
    private static void comparePicture(String name, DiffusionModel model, Map<String, Tensor> theirs) {
        PictureDrawer usual = PictureDrawer.of(Fixtures.modelFolder(), 32);
        var drawer = new PictureDrawer(usual.tokenizer(), usual.scheduler(), 32, 4, usual.guidance());
        Tensor picture = PictureTensors.unit(List.of(drawer.sample(model, "a photo of sks person", 5)));
        Parity.relative(
                name + " model opened by diffusers, picture", picture, theirs.get(name + ".picture"), 0.6 / 255);
    }
}
