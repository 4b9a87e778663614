package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.guided.GuidedUNet;
import dev.cloakproof.diffusion.scheduler.DdimScheduler;
import dev.cloakproof.diffusion.scheduler.NoiseSchedule;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import dev.cloakproof.diffusion.scheduler.Trajectory;
import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.art.ArtworkDomain;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The noise in noisy pictures, told by nothing but the timestep (Ho et al. 2020), each picture's error weighted by
 * min(SNR, 5) / SNR (Hang et al. 2023). It sees good pictures only: what a protection adds is to be drawn over.
 */
final class PixelDiffusionLesson implements Lesson {
    private static final double GAMMA = 5;
    private static final double ARTWORKS = 0.25;
    /** One in so many of the album's pictures: those that the text-to-image model has had drawn. */
    private static final int SHARE = 4;

    private static final int COLUMNS = 8;
    /** Artworks of the sheet. */
    private static final int ARTS = 2;
    /** A perturbation of 11 levels. */
    private static final double STRENGTH = 0.25;
    /** Training timesteps between two of a sheet's denoised pictures. */
    private static final int STRIDE = 50;

    private final GuidedUNet network;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final DdimScheduler scheduler = new DdimScheduler(SchedulerConfig.guidedDiffusion(SchedulerKind.DDIM));

    /** @param network which is the lesson's from now on */
    PixelDiffusionLesson(GuidedUNet network, Album album, Plan plan, int batch) {
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
        NoiseSchedule schedule = scheduler.noise();
        List<Picture> pictures = new ArrayList<>();
        float[] weights = new float[batch];
        long[] timesteps = new long[batch];
        for (int i = 0; i < batch; i++) {
            Album.Kind kind = draws.chance(ARTWORKS) ? Album.Kind.ARTWORK : Album.Kind.PORTRAIT;
            pictures.add(album.picture(kind, draws.below(kind.count() / SHARE)));
            timesteps[i] = draws.below(schedule.timesteps());
            double snr = schedule.snr(timesteps[i]);
            weights[i] = (float) (Math.min(snr, GAMMA) / snr);
        }
        Tensor clean = PictureTensors.signed(pictures); // (batch, 3, side, side)
        Tensor noise = draws.tensors().normal(clean.shape());
        Tensor noisy = schedule.addNoise(clean, noise, timesteps);
        Tensor predicted = network.noise(noisy, Tensor.of(timesteps, batch));
        Tensor each = predicted.sub(noise).square().mean(false, 1, 2, 3);
        return new Outcome(
                each.mul(Tensor.of(weights, batch)).mean(),
                Map.of("plain", each.mean().item()));
    }

    /**
     * Pictures from nothing, then pictures that nothing trains on, every other one with a perturbation, and what becomes of
     * them with the noise of t = 100 and t = 200 added and taken away.
     */
    @Override
    public Picture sheet() {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor noise = Generator.seeded(7).normal(COLUMNS, 3, album.size(), album.size());
            List<Picture> before = heldOut();
            Tensor pixels = PictureTensors.signed(before);
            return PortraitSheet.of(List.of(
                    PictureTensors.ofSigned(denoised(scheduler.begin(25), noise)),
                    before,
                    PictureTensors.ofSigned(redrawn(pixels, noise, 100)),
                    PictureTensors.ofSigned(redrawn(pixels, noise, 200))));
        }
    }

    private List<Picture> heldOut() {
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < COLUMNS; i++) {
            Picture picture = i < COLUMNS - ARTS
                    ? Album.draw(Seeds.heldOut(i), i, album.size()).picture()
                    : new ArtworkDomain().render(Seeds.heldOut(i), i, album.size());
            pictures.add(i % 2 == 0 ? picture : Degradation.PATTERN.apply(picture, STRENGTH, new SplittableRandom(i)));
        }
        return pictures;
    }

    /** @param timestep a multiple of {@value #STRIDE} */
    private Tensor redrawn(Tensor pixels, Tensor noise, int timestep) {
        int steps = scheduler.noise().timesteps() / STRIDE;
        double strength = (timestep / STRIDE + 1.0) / steps;
        Trajectory trajectory = scheduler.begin(steps, strength);
        return denoised(trajectory, trajectory.addNoise(pixels, noise));
    }

    private Tensor denoised(Trajectory trajectory, Tensor noisy) {
        Tensor sample = noisy;
        for (int i = 0; i < trajectory.calls(); i++) {
            int call = i;
            Tensor in = sample;
            long[] timesteps = new long[Math.toIntExact(in.size(0))];
            Arrays.fill(timesteps, (long) trajectory.timestep(call));
            sample = Scope.result(() ->
                    trajectory.step(call, network.noise(in, Tensor.of(timesteps, timesteps.length)), in, null));
        }
        return sample;
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
