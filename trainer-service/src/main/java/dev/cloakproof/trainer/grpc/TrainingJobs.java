package dev.cloakproof.trainer.grpc;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.Seeds;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.jobs.JobKind;
import dev.cloakproof.trainer.work.Trained;
import dev.cloakproof.trainer.work.Trainer;
import dev.cloakproof.trainer.work.TrainingPlan;
import dev.cloakproof.trainer.work.TrainingPlans;
import dev.cloakproof.trainer.work.TrainingRecords;
import dev.cloakproof.v1.Training;
import jakarta.inject.Singleton;
import java.util.List;

/** Trainings as jobs. */
@Singleton
class TrainingJobs implements JobKind<Training> {
    private final Requests requests;
    private final TrainingPlans plans;
    private final Trainer trainer;
    private final TrainingRecords records;
    private final StoredPictures pictures;

    TrainingJobs(
            Requests requests, TrainingPlans plans, Trainer trainer, TrainingRecords records, StoredPictures pictures) {
        this.requests = requests;
        this.plans = plans;
        this.trainer = trainer;
        this.records = records;
        this.pictures = pictures;
    }

    @Override
    public String collection() {
        return "trainings";
    }

    @Override
    public Training empty() {
        return Training.getDefaultInstance();
    }

    @Override
    public Training checked(Training asked) {
        requests.require(asked.getSubject(), asked.getAuthorization(), asked.getPicturesList());
        plans.of(asked.getParameters(), asked.getPack(), () -> 0);
        return Training.newBuilder()
                .setSubject(asked.getSubject())
                .setAuthorization(asked.getAuthorization())
                .addAllPictures(asked.getPicturesList())
                .setParameters(asked.getParameters())
                .setPack(asked.getPack())
                .build();
    }

    @Override
    public Training work(Training job, WorkContext context) throws InterruptedException {
        requests.require(job.getSubject(), job.getAuthorization(), job.getPicturesList());
        TrainingPlan plan = plans.of(job.getParameters(), job.getPack(), () -> Seeds.of(job.getName(), "training"));
        List<Blob> inputs = job.getPicturesList().stream()
                .map(picture -> References.blob(picture.getBlob()))
                .toList();
        List<Picture> given = job.getPicturesList().stream().map(pictures::read).toList();
        Trained trained = trainer.train(plan, job.getSubject(), given, inputs, context);
        return job.toBuilder()
                .setModel(References.of(trained.model()))
                .setCurve(References.of(trained.curve()))
                .setRecord(records.of(plan, inputs, trained))
                .build();
    }
}
