package dev.cloakproof.trainer.train;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.diffusion.vae.Posterior;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * Every picture's latent distribution, encoded once. Each step draws from it anew, so that a picture is never twice the
 * same latents.
 */
final class LatentCache implements AutoCloseable {
    private final Scope scope = Scope.unbound();
    private final double scalingFactor;
    private final List<Posterior> instance;
    private final List<Posterior> prior;

    LatentCache(Autoencoder autoencoder, TrainingPictures pictures) {
        scalingFactor = autoencoder.config().scalingFactor();
        instance = encode(autoencoder, pictures.instance());
        prior = encode(autoencoder, pictures.prior());
    }

    private List<Posterior> encode(Autoencoder autoencoder, List<Picture> pictures) {
        List<Posterior> posteriors = new ArrayList<>();
        for (Picture picture : pictures) {
            posteriors.add(encode(autoencoder, picture));
        }
        return posteriors;
    }

    private Posterior encode(Autoencoder autoencoder, Picture picture) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor pixels = Pixels.normalised(Pixels.levels(picture)).to(autoencoder.device());
            Posterior posterior = autoencoder.encode(pixels);
            return new Posterior(
                    scope.take(posterior.mean().copy()),
                    scope.take(posterior.logVariance().copy()));
        }
    }

    /**
     * The latents of a pair, scaled: (1 or 2, channels, h, w).
     *
     * @param pair indices; the second is -1 without prior pictures
     * @param noise of the result's shape
     */
    Tensor draw(int[] pair, Tensor noise) {
        List<Posterior> chosen = new ArrayList<>(List.of(instance.get(pair[0])));
        if (pair[1] >= 0) {
            chosen.add(prior.get(pair[1]));
        }
        var both = new Posterior(
                Tensor.cat(chosen.stream().map(Posterior::mean).toList(), 0),
                Tensor.cat(chosen.stream().map(Posterior::logVariance).toList(), 0));
        return both.sample(noise).mul(scalingFactor);
    }

    /** (1, channels, h, w). */
    long[] shape() {
        return instance.getFirst().mean().shape();
    }

    @Override
    public void close() {
        scope.close();
    }
}
