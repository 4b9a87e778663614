package dev.cloakproof.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.scheduler.NoiseSchedule;
import dev.cloakproof.diffusion.scheduler.PredictionType;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.optim.AdamW;
import dev.cloakproof.tensor.optim.AdamW8bit;
import dev.cloakproof.tensor.optim.AdamWSettings;
import dev.cloakproof.tensor.optim.Gradients;
import dev.cloakproof.tensor.optim.Optimizer;
import dev.cloakproof.trainer.train.DenoisingObjective;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.LossSpec;
import dev.cloakproof.trainer.train.Trainables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A step of full DreamBooth: an instance and a prior picture, both networks, clipping, AdamW. */
final class TrainStep {
    private TrainStep() {}

    static void measure(
            ObjectNode result,
            Path folder,
            DType compute,
            int side,
            boolean recompute,
            int block,
            int warmup,
            int repeats) {
        var trainable = new Placement(DType.F32, Device.CPU, true);
        try (var unet = UNet.load(folder.resolve("unet"), trainable);
                var encoder = ClipTextEncoder.load(folder.resolve("text_encoder"), trainable)) {
            var schedule = NoiseSchedule.of(SchedulerConfig.stableDiffusion(SchedulerKind.DDPM));
            var model = new DiffusionModel(folder, encoder, unet, null, schedule, PredictionType.EPSILON);
            try (var trained = Trainables.full(model, true);
                    var optimizer = optimizer(trained.all(), block)) {
                long parameters = trained.all().values().stream()
                        .mapToLong(Tensor::elements)
                        .sum();
                result.put("parameters", parameters).put("state_bytes", optimizer.stateBytes());
                DenoisingObjective objective = model.objective(LossSpec.PLAIN, compute, recompute);
                List<Tensor> leaves = List.copyOf(trained.all().values());
                Tensor latents = Generator.seeded(0).normal(2, unet.config().inChannels(), side, side);
                var batch =
                        new DenoisingObjective.Batch(latents, latents, new long[] {981, 21}, Worker.ids(encoder), 1.0);
                Measurement.put(
                        result.withObject("/steps").putObject("train"), Measurement.seconds(warmup, repeats, () -> {
                            DenoisingObjective.Outcome outcome = objective.evaluate(batch, leaves, true);
                            Gradients.clip(outcome.gradients(), 1);
                            optimizer.step(outcome.gradients(), 5e-7);
                            return Tensor.scalar(outcome.loss());
                        }));
            }
        }
    }

    private static Optimizer optimizer(Map<String, Tensor> parameters, int block) {
        return block == 0
                ? new AdamW(parameters, AdamWSettings.DEFAULT)
                : new AdamW8bit(parameters, AdamWSettings.DEFAULT, block);
    }
}
