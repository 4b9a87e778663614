package dev.cloakproof.trainer.events;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.StageHandler;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.Seeds;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.work.Trained;
import dev.cloakproof.trainer.work.Trainer;
import dev.cloakproof.trainer.work.TrainingPlan;
import dev.cloakproof.trainer.work.TrainingPlans;
import dev.cloakproof.trainer.work.TrainingRecords;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.util.List;

/** Personalises a model on the purified pictures of a run. */
@Singleton
class TrainStage implements StageHandler<ImagesPurified, ModelTrained> {
    private final Authorizations authorizations;
    private final TrainingPlans plans;
    private final Trainer trainer;
    private final TrainingRecords records;
    private final StoredPictures pictures;

    TrainStage(
            Authorizations authorizations,
            TrainingPlans plans,
            Trainer trainer,
            TrainingRecords records,
            StoredPictures pictures) {
        this.authorizations = authorizations;
        this.plans = plans;
        this.trainer = trainer;
        this.records = records;
        this.pictures = pictures;
    }

    @Override
    public Stage stage() {
        return Stage.STAGE_TRAIN;
    }

    @Override
    public EventType<ImagesPurified> consumes() {
        return EventType.IMAGES_PURIFIED;
    }

    @Override
    public EventType<ModelTrained> produces() {
        return EventType.MODEL_TRAINED;
    }

    @Override
    public RunContext context(ImagesPurified asked) {
        return asked.getContext();
    }

    @Override
    public ModelTrained work(ImagesPurified asked, WorkContext context) throws InterruptedException {
        RunContext run = asked.getContext();
        authorizations.require(run.getAuthorization());
        TrainingPlan plan = plans.of(
                run.getParameters().getTraining(),
                run.getParameters().getPack(),
                () -> Seeds.of(run.getRun(), "training"));
        List<Blob> inputs = asked.getPurifiedPicturesList().stream()
                .map(picture -> References.blob(picture.getBlob()))
                .toList();
        List<Picture> given =
                asked.getPurifiedPicturesList().stream().map(pictures::read).toList();
        Trained trained = trainer.train(plan, run.getSubject(), given, inputs, context);
        return ModelTrained.newBuilder()
                .setContext(run)
                .setModel(References.of(trained.model()))
                .setRecord(records.of(plan, inputs, trained))
                .setCurve(References.of(trained.curve()))
                .addAllProtectedPictures(asked.getProtectedPicturesList())
                .addAllPurifiedPictures(asked.getPurifiedPicturesList())
                .build();
    }
}
