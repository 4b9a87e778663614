package dev.cloakproof.trainer.work;

import dev.cloakproof.diffusion.pipeline.Guidance;
import dev.cloakproof.diffusion.pipeline.Progress;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.PictureDrawer;
import dev.cloakproof.trainer.train.PriorPictures;
import dev.cloakproof.trainer.work.TrainingPlan.ClassPictures;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Has a pack's model draw pictures of a class, which all later work of the same pack finds. */
@Singleton
class ClassPictureSets {
    private final WorkFolders folders;
    private final Packs packs;

    ClassPictureSets(WorkFolders folders, Packs packs) {
        this.folders = folders;
        this.packs = packs;
    }

    /**
     * @param model of the pack, not trained yet
     * @param stepsAfter steps of the work that the pictures are for, for the progress
     * @throws CloakproofException what the context ends the drawing with
     */
    List<Picture> draw(
            ServicePack pack,
            DiffusionModel model,
            String prompt,
            int count,
            ClassPictures how,
            long stepsAfter,
            WorkContext context) {
        Path base = model.folder();
        var drawer = new PictureDrawer(
                ClipTokenizer.load(base.resolve("tokenizer")),
                SchedulerConfig.read(base.resolve("scheduler").resolve("scheduler_config.json")),
                pack.pictureSide(),
                how.steps(),
                Guidance.scale(how.guidance()));
        String origin = pack.manifestSha256() + " " + pack.pictureSide() + " " + how.steps() + " " + how.guidance()
                + " " + packs.device().name();
        var watch = new Watch(context);
        try {
            return new PriorPictures(folders.classPictures(), drawer.prior(model, watch))
                    .get(
                            prompt,
                            count,
                            how.seed(),
                            origin,
                            drawn -> context.progress(
                                    drawn,
                                    count + stepsAfter,
                                    "drew class picture " + drawn + " of " + count,
                                    Map.of()),
                            watch::cancelled);
        } catch (CancellationException e) {
            throw watch.why.orElseThrow(() -> e);
        }
    }

    /** Ends the drawing between two denoising steps where the context says so. */
    private static final class Watch implements Progress {
        private final WorkContext context;
        private Optional<RuntimeException> why = Optional.empty();

        private Watch(WorkContext context) {
            this.context = context;
        }

        @Override
        public void step(int done, int total, Tensor latents) {
            // Asked for its cancellation next.
        }

        @Override
        public boolean cancelled() {
            try {
                context.checkCancelled();
            } catch (CloakproofException e) {
                why = Optional.of(e);
            }
            return why.isPresent();
        }
    }
}
