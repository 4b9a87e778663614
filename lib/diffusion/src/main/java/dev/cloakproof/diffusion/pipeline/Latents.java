package dev.cloakproof.diffusion.pipeline;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import java.util.ArrayList;
import java.util.List;

/** The end of every pipeline: latents to pictures. */
final class Latents {
    private Latents() {}

    /**
     * Decodes one picture at a time, so that memory does not grow with the batch.
     *
     * @param latents (batch, channels, h, w), times the scaling factor
     * @return (batch, 3, f * h, f * w), float32 on the CPU, about [-1, 1], not clamped
     */
    static Tensor decode(Autoencoder vae, Tensor latents) {
        try (var scope = Scope.open();
                var _ = Autograd.pause()) {
            Tensor unscaled =
                    latents.div(vae.config().scalingFactor()).to(vae.device()).to(vae.dtype());
            List<Tensor> pixels = new ArrayList<>();
            for (long i = 0; i < latents.size(0); i++) {
                Tensor one = unscaled.narrow(0, i, 1);
                pixels.add(Scope.result(() -> vae.decode(one).to(Device.CPU).to(DType.F32)));
            }
            return scope.keep(Tensor.cat(pixels, 0));
        }
    }

    static List<Picture> pictures(Autoencoder vae, Tensor latents) {
        try (var _ = Scope.open()) {
            return PictureTensors.ofSigned(decode(vae, latents));
        }
    }
}
