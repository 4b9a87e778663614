package dev.cloakproof.trainer.work;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.records.ModelManifest;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.tensor.ConvolutionCheck;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.DreamBooth;
import dev.cloakproof.trainer.train.PromptIds;
import dev.cloakproof.trainer.train.StepReport;
import dev.cloakproof.trainer.train.TrainingControl;
import dev.cloakproof.trainer.train.TrainingControl.Ending;
import dev.cloakproof.trainer.train.TrainingListener;
import dev.cloakproof.trainer.train.TrainingPictures;
import dev.cloakproof.trainer.train.TrainingSpec;
import dev.cloakproof.trainer.train.Validation;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Carries out training plans, one at a time. */
@Singleton
public class Trainer {
    private final DeviceTurn device;
    private final ClassPictureSets classPictures;
    private final WorkFolders folders;
    private final Packs packs;
    private final BlobStore blobs;
    private final StoredModels models;
    private final ServiceMetrics metrics;
    private final DeviceMemory memory;
    private final InstantSource clock;

    Trainer(
            DeviceTurn device,
            ClassPictureSets classPictures,
            WorkFolders folders,
            Packs packs,
            BlobStore blobs,
            StoredModels models,
            ServiceMetrics metrics,
            DeviceMemory memory,
            InstantSource clock) {
        this.device = device;
        this.classPictures = classPictures;
        this.folders = folders;
        this.packs = packs;
        this.blobs = blobs;
        this.models = models;
        this.metrics = metrics;
        this.memory = memory;
        this.clock = clock;
    }

    /**
     * Trains a model and stores it.
     *
     * <p>Checkpoints are kept in a folder named for all that the training depends on. A training that was killed, or told
     * to shut down, goes on from there to the same bits; any other end removes the folder.
     *
     * @param subject whose pictures they are
     * @param inputs the encoded pictures, for the name of the folder
     * @throws CloakproofException of the catalogue
     */
    public Trained train(
            TrainingPlan plan, String subject, List<Picture> pictures, List<Blob> inputs, WorkContext context)
            throws InterruptedException {
        Path folder = folders.enter(key(plan, inputs), subject);
        try (var _ = device.take(context)) {
            ConvolutionCheck.require(packs.device());
            Trained trained = Failures.translated(() -> train(plan, pictures, folder, context));
            folders.remove(folder);
            return trained;
        } catch (CloakproofException e) {
            if (!e.reason().retryable()) {
                folders.remove(folder);
            }
            throw e;
        } finally {
            folders.leave(folder);
        }
    }

    private Trained train(TrainingPlan plan, List<Picture> given, Path folder, WorkContext context) {
        Instant begun = clock.instant();
        Path base = TrainingPlans.model(plan.pack());
        TrainingSpec spec = plan.spec();
        try (DiffusionModel model =
                metrics.modelLoad("diffusion").record(() -> DiffusionModel.load(base, packs.device()))) {
            ClipTokenizer tokenizer = ClipTokenizer.load(base.resolve("tokenizer"));

            // 1. pictures of the class, from the model as it is
            List<Picture> prior = classPictures.draw(
                    plan.pack(),
                    model,
                    spec.prompts().plainClass(),
                    spec.priorCount(),
                    plan.classPictures(),
                    spec.steps(),
                    context);
            TrainingPictures pictures = TrainingPictures.framed(given, prior, spec.resolution());

            // 2. the training, from its last checkpoint if there is one
            var control = new TrainingControl();
            var steps = new Steps(context, control, prior.size(), prior.size() + spec.steps(), metrics);
            var curve = new Curve(folder.resolve("curve.jsonl"));
            DreamBooth.Result result = new DreamBooth(
                            model, PromptIds.of(tokenizer), spec, folder, () -> memory.available(packs.device()))
                    .run(pictures, Validation.NONE, curve.and(steps), control);
            steps.throwIfStopped(result.ending());

            // 3. the model and its curve as blobs
            ModelManifest manifest = new ModelManifest(
                    ModelManifest.FORMAT,
                    plan.pack().name(),
                    plan.pack().manifestSha256(),
                    spec.prompts().instance(),
                    spec.prompts().samplingSuffix(),
                    List.of());
            Blob stored = models.save(result.model().orElseThrow(), manifest, context);
            Blob line = blobs.put(curve.file(), "application/jsonl", context::storing);
            return new Trained(stored, line, begun, clock.instant());
        }
    }

    private static String key(TrainingPlan plan, List<Blob> inputs) {
        StringBuilder all = new StringBuilder(plan.pack().manifestSha256())
                .append(Sha256.of(plan.parameters().toByteArray()));
        inputs.forEach(blob -> all.append(blob.sha256()));
        return Sha256.of(all.toString());
    }

    /** Reports each step, and ends the training where the context says so: with a checkpoint where it is to go on. */
    private static final class Steps implements TrainingListener {
        private final WorkContext context;
        private final TrainingControl control;
        private final long before;
        private final long total;
        private final ServiceMetrics metrics;
        private CloakproofException stopped;

        private Steps(WorkContext context, TrainingControl control, long before, long total, ServiceMetrics metrics) {
            this.context = context;
            this.control = control;
            this.before = before;
            this.total = total;
            this.metrics = metrics;
        }

        @Override
        public void stepped(StepReport report) {
            metrics.stepDuration().record(report.time());
            context.progress(
                    before + report.step(),
                    total,
                    "training step " + report.step() + " of " + report.steps() + ", " + text(report.remaining())
                            + " left",
                    Map.of("loss", report.loss(), "learning_rate", report.learningRate()));
            try {
                context.checkCancelled();
            } catch (CloakproofException e) {
                stopped = e;
                if (e.reason() == Reason.SHUTTING_DOWN) {
                    control.saveAndStop();
                } else {
                    control.cancel();
                }
            }
        }

        private void throwIfStopped(Ending ending) {
            // One that finished all the same has nothing left to go on with.
            boolean finished = ending == Ending.FINISHED && stopped != null && stopped.reason() == Reason.SHUTTING_DOWN;
            if (stopped != null && !finished) {
                throw stopped;
            }
        }

        private static String text(Duration duration) {
            return "%d:%02d:%02d".formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
        }
    }
}
