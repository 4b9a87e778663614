package dev.cloakproof.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.diffusion.Fixtures;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraWeightsTest {
    private static final String UNET_LAYER = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q";
    private static final String TEXT_LAYER = "text_model.encoder.layers.0.self_attn.v_proj";

    @TempDir
    private Path folder;

    private static StableDiffusion model() {
        return StableDiffusion.load(Fixtures.folder("pipeline-sd2"), new Placement(DType.F32, Device.CPU, true));
    }

    @Test
    void adaptersAddTheirProductToTheWeightsAndGoAgain() {
        try (var _ = Scope.open();
                var adapted = model();
                var merged = model()) {
            Tensor unetWeight = merged.unet().parameters().all().get(UNET_LAYER + ".weight");
            Tensor textWeight = merged.textEncoder().parameters().all().get(TEXT_LAYER + ".weight");
            Tensor unetDown = Generator.seeded(1).normal(2, unetWeight.size(1));
            Tensor unetUp = Generator.seeded(2).normal(unetWeight.size(0), 2);
            Tensor textDown = Generator.seeded(3).normal(2, textWeight.size(1));
            Tensor textUp = Generator.seeded(4).normal(textWeight.size(0), 2);
            Path file = folder.resolve(LoraWeights.FILE);
            Pretrained.save(
                    file,
                    Map.of(
                            "unet." + UNET_LAYER + ".lora.down.weight",
                            unetDown,
                            "unet." + UNET_LAYER + ".lora.up.weight",
                            unetUp,
                            // As some writers name it.
                            "text_encoder.encoder.layers.0.self_attn.v_proj.lora_linear_layer.down.weight",
                            textDown,
                            "text_encoder.encoder.layers.0.self_attn.v_proj.lora_linear_layer.up.weight",
                            textUp),
                    Map.of());
            Tensor plain = predicted(adapted);

            try (var lora = LoraWeights.load(file, adapted)) {
                assertThat(lora.layers()).isEqualTo(2);
                InPlace.add(List.of(unetWeight), List.of(unetUp.matmul(unetDown)));
                InPlace.add(List.of(textWeight), List.of(textUp.matmul(textDown)));
                assertThat(largest(predicted(adapted).sub(predicted(merged)))).isLessThan(1e-4);
                assertThat(largest(predicted(adapted).sub(plain))).isGreaterThan(1e-2);
            }
            assertThat(largest(predicted(adapted).sub(plain))).isZero();
        }
    }

    @Test
    void filesOfAnotherLayoutOrModelAreRefused() {
        try (var _ = Scope.open();
                var model = model()) {
            assertRefused(
                    model, Map.of("unet.conv_in.weight", Generator.seeded(1).normal(2, 2)), "pairs");
            assertRefused(
                    model,
                    Map.of(
                            "unet." + UNET_LAYER + ".lora.down.weight",
                            Generator.seeded(1).normal(2, 2)),
                    "no lora.up");
            assertRefused(
                    model,
                    Map.of(
                            "unet." + UNET_LAYER + ".lora.down.weight",
                                    Generator.seeded(1).normal(2, 3),
                            "unet." + UNET_LAYER + ".lora.up.weight",
                                    Generator.seeded(1).normal(3, 2)),
                    "no place");
            assertRefused(
                    model,
                    Map.of(
                            "prior.x.lora.down.weight", Generator.seeded(1).normal(2, 3),
                            "prior.x.lora.up.weight", Generator.seeded(1).normal(3, 2)),
                    "unet or text_encoder");
        }
    }

    private void assertRefused(StableDiffusion model, Map<String, Tensor> tensors, String why) {
        Path file = folder.resolve("foreign.safetensors");
        Pretrained.save(file, tensors, Map.of());
        assertThatThrownBy(() -> LoraWeights.load(file, model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static Tensor predicted(StableDiffusion model) {
        Tensor context = model.textEncoder()
                .encode(model.tokenizer().encode(List.of("a photo")).toTensor());
        return model.unet().predict(Generator.seeded(5).normal(1, 4, 8, 8), Tensor.of(new long[] {500}, 1), context);
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (float value : tensor.toFloats()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
