package dev.cloakproof.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.diffusion.pipeline.LoraWeights;
import dev.cloakproof.diffusion.scheduler.PredictionType;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.tensor.optim.LearningRate.Shape;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.trainer.Fixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole trainings of a tiny model against the plain torch + diffusers loop of src/test/python, with the same seeds,
 * pictures and order.
 */
@Tag(Parity.TAG)
class TrainingParityTest {
    private static final double CURVE = 1e-4;
    private static final double WEIGHTS = 1e-4;

    @TempDir
    private Path folder;

    private List<StepReport> train(DiffusionModel model, TrainingSpec spec) {
        List<StepReport> reports = new ArrayList<>();
        new DreamBooth(model, Fixtures.tokenizer(), spec, folder, () -> Long.MAX_VALUE)
                .run(Fixtures.pictures(), Validation.NONE, collecting(reports), new TrainingControl());
        return reports;
    }

    static TrainingListener collecting(List<StepReport> reports) {
        return new TrainingListener() {
            @Override
            public void stepped(StepReport report) {
                reports.add(report);
            }
        };
    }

    /** Each column relative to its largest value: total, instance and prior loss, gradient norm. */
    private static void curve(String name, List<StepReport> reports, Tensor expected) {
        var found = new float[reports.size() * 4];
        for (int i = 0; i < reports.size(); i++) {
            StepReport r = reports.get(i);
            double[] row = {r.loss(), r.instanceLoss(), r.priorLoss(), r.gradientNorm()};
            for (int j = 0; j < 4; j++) {
                found[4 * i + j] = (float) row[j];
            }
        }
        Tensor curve = Tensor.of(found, reports.size(), 4);
        List<String> columns = List.of("loss", "instance loss", "prior loss", "gradient norm");
        for (int j = 0; j < 4; j++) {
            Parity.relative(
                    name + ", " + columns.get(j) + " over " + reports.size() + " steps",
                    curve.select(1, j),
                    expected.select(1, j),
                    CURVE);
        }
    }

    /**
     * A key's bias shifts all scores alike, which softmax ignores: its true gradient is zero, and Adam makes steps of full
     * size of whatever rounding leaves.
     */
    private static void weights(String name, Map<String, Tensor> found, Map<String, Tensor> fixture, String prefix) {
        Map<String, Tensor> ours = new LinkedHashMap<>();
        Map<String, Tensor> theirs = new LinkedHashMap<>();
        found.forEach((key, tensor) -> {
            if (!key.endsWith("k_proj.bias")) {
                ours.put(key, tensor);
                theirs.put(key, fixture.get(prefix + key));
            }
        });
        assertThat(theirs.values()).doesNotContainNull();
        Parity.relative(name + ", final weights, " + ours.size() + " tensors", ours, theirs, WEIGHTS, 0);
    }

    private Map<String, Tensor> saved() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Path model = folder.resolve("model");
        Pretrained.tensors(model.resolve("unet").resolve("diffusion_pytorch_model.safetensors"))
                .forEach((name, tensor) -> all.put("unet." + name, tensor));
        Pretrained.tensors(model.resolve("text_encoder").resolve("model.safetensors"))
                .forEach((name, tensor) -> all.put("text_encoder." + name, tensor));
        return all;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fullFineTuning(boolean recompute) {
        try (var _ = Scope.open();
                var model = Fixtures.model()) {
            String name = recompute ? "DreamBooth with recomputation" : "DreamBooth";
            Map<String, Tensor> fixture = Fixtures.load("dreambooth-full");
            List<StepReport> reports =
                    train(model, Fixtures.spec().but().recompute(recompute).build());
            curve(name, reports, fixture.get("curve"));
            weights(name, saved(), fixture, "");
        }
    }

    /** Two pairs a step, one after the other or at once, are the same step. */
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "2, true"})
    void everythingThatIsOffByDefault(int batchSize, boolean recompute) {
        try (var _ = Scope.open();
                var loaded = Fixtures.model()) {
            var model = new DiffusionModel(
                    loaded.folder(),
                    loaded.encoder(),
                    loaded.unet(),
                    loaded.autoencoder(),
                    loaded.schedule(),
                    PredictionType.V_PREDICTION);
            TrainingSpec spec = Fixtures.spec()
                    .but()
                    .learningRate(new LearningRate(Shape.COSINE, 2e-4, 3, 10))
                    .priorWeight(0.5)
                    .batchSize(batchSize)
                    .accumulation(2 / batchSize)
                    .recompute(recompute)
                    .loss(new LossSpec(5, 0.1))
                    .averageDecay(0.9)
                    .seed(8)
                    .build();
            Map<String, Tensor> fixture = Fixtures.load("dreambooth-variants");
            List<StepReport> reports = train(model, spec);
            String name = "DreamBooth, v-prediction, min-SNR, offset noise, cosine, two pairs a step in batches of "
                    + batchSize + (recompute ? " with recomputation" : "");
            curve(name, reports, fixture.get("curve"));
            Map<String, Tensor> last = new LinkedHashMap<>();
            model.unet().parameters().all().forEach((key, tensor) -> last.put("unet." + key, tensor));
            model.encoder().parameters().all().forEach((key, tensor) -> last.put("text_encoder." + key, tensor));
            weights(name, last, fixture, "");
            weights(name + ", EMA", saved(), fixture, "average.");
        }
    }

    @Test
    void lowRankAdaptation() {
        try (var _ = Scope.open();
                var model = Fixtures.model()) {
            TrainingSpec spec = Fixtures.spec()
                    .but()
                    .lora(new LoraSpec(4, 8))
                    .learningRate(LearningRate.constant(3e-4, 20))
                    .seed(9)
                    .build();
            Map<String, Tensor> fixture = Fixtures.load("dreambooth-lora");
            List<StepReport> reports = train(model, spec);
            curve("LoRA", reports, fixture.get("curve"));

            // Python's keys, but for the prefix that transformers 5 leaves out and both libraries read.
            Map<String, Tensor> ours =
                    Pretrained.tensors(folder.resolve("model").resolve(LoraWeights.FILE));
            Map<String, Tensor> theirs = new LinkedHashMap<>();
            Pretrained.tensors(Fixtures.folder("dreambooth-lora").resolve(LoraWeights.FILE))
                    .forEach((key, tensor) -> {
                        if (key.endsWith("up.weight")) {
                            InPlace.scale(List.of(tensor), 2); // alpha / rank, which we fold in
                        }
                        theirs.put(key.replace("text_encoder.encoder", "text_encoder.text_model.encoder"), tensor);
                    });
            // The upper matrix began at zero: where a gradient is all but zero, 20 steps of its sign are all it has.
            Parity.relative("LoRA, saved file, " + ours.size() + " tensors", ours, theirs, 2e-3, 0);
            Map<String, Tensor> weights = merged(model, ours);
            Parity.relative(
                    "LoRA, final weights, " + weights.size() + " tensors", weights, merged(model, theirs), WEIGHTS, 0);
        }
    }

    /** The weights of the adapted layers, adapters added. */
    private static Map<String, Tensor> merged(DiffusionModel model, Map<String, Tensor> lora) {
        Map<String, Tensor> merged = new LinkedHashMap<>();
        Map.of("unet.", model.unet(), "text_encoder.", model.encoder())
                .forEach((prefix, network) -> network.parameters().all().forEach((name, weight) -> {
                    String layer = prefix + name.replace(".weight", "");
                    String middle = prefix.equals("unet.") ? ".lora." : ".lora_linear_layer.";
                    if (lora.containsKey(layer + middle + "up.weight")) {
                        Tensor up = lora.get(layer + middle + "up.weight");
                        Tensor down = lora.get(layer + middle + "down.weight");
                        merged.put(layer, weight.add(up.matmul(down)));
                    }
                }));
        return merged;
    }
}
