package dev.cloakproof.trainer.train;

import dev.cloakproof.diffusion.scheduler.NoiseSchedule;
import dev.cloakproof.diffusion.scheduler.PredictionType;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.nn.Placement;
import java.nio.file.Path;

/**
 * A latent-diffusion model whose text encoder and UNet can be trained. Owns the networks.
 *
 * @param folder the Hugging Face folder that it was read from
 */
public record DiffusionModel(
        Path folder,
        ClipTextEncoder encoder,
        UNet unet,
        Autoencoder autoencoder,
        NoiseSchedule schedule,
        PredictionType prediction)
        implements AutoCloseable {

    /** Loads float32 networks; text encoder and UNet have memory of their own. */
    public static DiffusionModel load(Path folder, Device device) {
        SchedulerConfig scheduler =
                SchedulerConfig.read(folder.resolve("scheduler").resolve("scheduler_config.json"));
        var trainable = new Placement(DType.F32, device, true);
        ClipTextEncoder encoder = ClipTextEncoder.load(folder.resolve("text_encoder"), trainable);
        try {
            UNet unet = UNet.load(folder.resolve("unet"), trainable);
            try {
                Autoencoder autoencoder =
                        Autoencoder.load(folder.resolve("vae"), new Placement(DType.F32, device, false));
                return new DiffusionModel(
                        folder, encoder, unet, autoencoder, NoiseSchedule.of(scheduler), scheduler.predictionType());
            } catch (Throwable e) {
                unet.close();
                throw e;
            }
        } catch (Throwable e) {
            encoder.close();
            throw e;
        }
    }

    public DenoisingObjective objective(LossSpec loss, DType compute, boolean recompute) {
        return new DenoisingObjective(encoder, unet, schedule, prediction, loss, compute, recompute);
    }

    @Override
    public void close() {
        autoencoder.close();
        unet.close();
        encoder.close();
    }
}
