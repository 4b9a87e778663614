package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.ComponentFolder;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.diffusion.vae.AutoencoderConfig;
import dev.cloakproof.diffusion.vae.Posterior;
import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pictures to latents and back, with a little of the divergence from a standard normal in the loss. What is saved has the
 * scaling factor that gives latents of portraits unit spread.
 */
final class AutoencoderLesson implements Lesson {
    private static final double KL = 1e-4;
    private static final double ARTWORKS = 0.25;
    private static final double DEGRADED = 0.2;

    private final Autoencoder network;
    private final Album album;
    private final Plan plan;
    private final int batch;

    AutoencoderLesson(Autoencoder network, Album album, Plan plan, int batch) {
        this.network = network;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return network.parameters().all();
    }

    @Override
    public Outcome attempt(Draws draws) {
        Tensor pixels = PictureTensors.signed(pictures(draws)); // (batch, 3, side, side)
        Posterior posterior = network.encode(pixels);
        Tensor drawn = network.decode(posterior.sample(draws.tensors()));
        Tensor divergence = posterior
                .mean()
                .square()
                .add(posterior.logVariance().exp())
                .sub(posterior.logVariance())
                .add(-1)
                .mean()
                .mul(0.5);
        Tensor loss = PictureLoss.of(drawn, pixels).add(divergence, KL);
        return new Outcome(
                loss,
                Map.of(
                        "psnr", PictureLoss.psnr(drawn, pixels),
                        "divergence", divergence.item(),
                        "spread", Math.sqrt(posterior.mean().square().mean().item())));
    }

    private List<Picture> pictures(Draws draws) {
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            Album.Kind kind = draws.chance(ARTWORKS) ? Album.Kind.ARTWORK : Album.Kind.PORTRAIT;
            Picture picture = album.picture(kind, draws.below(kind.count()));
            if (draws.chance(DEGRADED)) {
                Degradation how = Degradation.values()[draws.below(Degradation.values().length)];
                picture = how.apply(picture, draws.between(0, 0.7), draws.numbers());
            }
            pictures.add(picture);
        }
        return pictures;
    }

    /** Rows of pictures that nothing trains on, each above what became of it. */
    @Override
    public Picture sheet() {
        List<Picture> before = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            before.add(Album.draw(Seeds.heldOut(i), i, album.size()).picture());
        }
        try (var _ = Scope.open()) {
            Tensor pixels = PictureTensors.signed(before);
            List<Picture> after = PictureTensors.ofSigned(
                    network.decode(network.encode(pixels).mean()));
            return PortraitSheet.of(List.of(before, after));
        }
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        ComponentFolder.write(folder, scaled().toJson(), "diffusion_pytorch_model", network, metadata);
    }

    private AutoencoderConfig scaled() {
        List<Picture> some = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            some.add(album.picture(Album.Kind.PORTRAIT, i * Album.WORKS));
        }
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor latents = network.encode(PictureTensors.signed(some)).mean();
            Tensor centred = latents.sub(latents.mean());
            return network.config()
                    .withScalingFactor(1 / Math.sqrt(centred.square().mean().item()));
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
