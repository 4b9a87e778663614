package dev.cloakproof.sampler.work;

import dev.cloakproof.diffusion.pipeline.PromptTooLongException;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.sampler.sample.Drawn;
import dev.cloakproof.sampler.sample.PersonalModel;
import dev.cloakproof.sampler.sample.Sampler;
import dev.cloakproof.sampler.sample.SamplingListener;
import dev.cloakproof.sampler.sample.SamplingProgress;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.service.records.StoredModels.OpenModel;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.PackException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Draws for one asker at a time: calls and events take turns, for two models at once would share the device and its
 * memory. A model is loaded for its drawing and closed after it. Thread-safe.
 */
public final class Drawings {
    /** The diffusion model of a pack. */
    private static final String COMPONENT = "diffusion";

    private static final String FAMILY = "stable-diffusion";

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Packs packs;
    private final StoredModels models;
    private final ServiceMetrics metrics;
    private volatile boolean working;

    public Drawings(Packs packs, StoredModels models, ServiceMetrics metrics) {
        this.packs = packs;
        this.models = models;
        this.metrics = metrics;
        metrics.jobs("running", this, drawings -> drawings.working ? 1 : 0);
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException PACK_MISSING if the pack has no diffusion model */
    static Path base(ServicePack pack) {
        try {
            return pack.pack().path(COMPONENT, FAMILY);
        } catch (PackException e) {
            throw Reason.PACK_MISSING
                    .problem("expected a pack with a diffusion model: " + e.getMessage())
                    .with("pack", pack.name())
                    .exception(e);
        }
    }

    /** Whether a picture is being drawn now. */
    public boolean working() {
        return working;
    }

    /**
     * Waits for its turn and draws.
     *
     * @param first the picture to begin with, from 0
     * @param stillWanted asked several times a second while it waits; throws where it should not begin any more
     * @param listener ends the drawing by throwing
     * @throws dev.cloakproof.platform.errors.CloakproofException PROMPT_TOO_LONG, PARAMETER_INVALID, BLOB_MISSING,
     *     BLOB_CHANGED, or what the listener throws
     */
    public void draw(Plan plan, int first, Runnable stillWanted, SamplingListener listener) {
        await(stillWanted);
        long start = System.nanoTime();
        Optional<Reason> failure = Optional.empty();
        working = true;
        try {
            drawNow(plan, first, new Metered(listener, metrics));
        } catch (Throwable e) {
            failure = Optional.of(Problems.of(e).reason());
            throw e;
        } finally {
            working = false;
            turn.unlock();
            metrics.finished(Duration.ofNanos(System.nanoTime() - start), failure);
        }
    }

    private void await(Runnable stillWanted) {
        try {
            do {
                stillWanted.run();
            } while (!turn.tryLock(200, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Reason.SHUTTING_DOWN
                    .problem("interrupted while waiting for another drawing")
                    .exception(e);
        }
    }

    private void drawNow(Plan plan, int first, SamplingListener listener) {
        Path base = base(plan.pack());
        Placement placement = new Placement(packs.dtype(), packs.device(), false);
        try (OpenModel trained = plan.model().map(models::open).orElse(null);
                PersonalModel model = metrics.modelLoad(COMPONENT)
                        .record(() -> trained == null
                                ? PersonalModel.base(base, placement)
                                : PersonalModel.of(base, trained.folder(), placement))) {
            new Sampler(model).draw(plan.spec(), first, listener);
        } catch (PromptTooLongException e) {
            throw Reason.PROMPT_TOO_LONG
                    .problem(e.getMessage())
                    .at("parameters.prompts", "at most 75 tokens with the decoupling suffix")
                    .exception(e);
        } catch (IllegalArgumentException e) {
            throw Reason.PARAMETER_INVALID
                    .problem("this cannot be drawn: " + e.getMessage())
                    .exception(e);
        }
    }

    /** Counts pictures and times steps. */
    private static final class Metered implements SamplingListener {
        private final SamplingListener inner;
        private final ServiceMetrics metrics;
        private long before;
        private long stepsBefore = -1;

        Metered(SamplingListener inner, ServiceMetrics metrics) {
            this.inner = inner;
            this.metrics = metrics;
        }

        @Override
        public void step(SamplingProgress progress) {
            long now = System.nanoTime();
            if (stepsBefore >= 0 && progress.done() == stepsBefore + 1) {
                metrics.stepDuration().record(now - before, TimeUnit.NANOSECONDS);
            }
            stepsBefore = progress.done();
            inner.step(progress);
            before = System.nanoTime();
        }

        @Override
        public void drawn(Drawn drawn) {
            stepsBefore = -1;
            metrics.images(Optional.empty()).increment();
            inner.drawn(drawn);
        }
    }
}
