package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.diffusion.vae.Posterior;
import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.Functions;
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
 * Pictures to latents and back. The loss is the absolute error at three scales and of the gradients, some squared error,
 * and a little of the divergence from a standard normal.
 */
final class AutoencoderLesson implements Lesson {
    private static final double KL = 1e-6;
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
        Tensor flat = absolute(drawn, pixels);
        Tensor coarse = flat.add(half(drawn, pixels, 2), 0.5).add(half(drawn, pixels, 4), 0.5);
        Tensor edges = edges(drawn, pixels);
        Tensor squared = Functions.mse(drawn, pixels);
        Tensor divergence = posterior
                .mean()
                .square()
                .add(posterior.logVariance().exp())
                .sub(posterior.logVariance())
                .add(-1)
                .mean()
                .mul(0.5);
        Tensor loss = coarse.add(edges, 0.5).add(squared, 2).add(divergence, KL * pixels.elements() / batch);
        return new Outcome(
                loss,
                Map.of(
                        "psnr", 10 * Math.log10(4 / squared.item()),
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

    static Tensor absolute(Tensor a, Tensor b) {
        return a.sub(b).abs().mean();
    }

    private static Tensor half(Tensor a, Tensor b, int by) {
        return absolute(Functions.averagePool(a, by, by, 0), Functions.averagePool(b, by, by, 0));
    }

    /** The absolute error of differences between neighbours, in both directions. */
    static Tensor edges(Tensor a, Tensor b) {
        Tensor error = a.sub(b);
        long height = error.size(2);
        long width = error.size(3);
        Tensor down = error.narrow(2, 1, height - 1).sub(error.narrow(2, 0, height - 1));
        Tensor across = error.narrow(3, 1, width - 1).sub(error.narrow(3, 0, width - 1));
        return down.abs().mean().add(across.abs().mean());
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
        network.save(folder, metadata);
    }

    @Override
    public void close() {
        network.close();
    }
}
