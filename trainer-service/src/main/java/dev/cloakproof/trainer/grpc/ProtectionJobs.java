package dev.cloakproof.trainer.grpc;

import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.service.records.Seeds;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.trainer.jobs.JobKind;
import dev.cloakproof.trainer.work.ProtectionPlan;
import dev.cloakproof.trainer.work.ProtectionPlans;
import dev.cloakproof.trainer.work.Protector;
import dev.cloakproof.v1.Protection;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Protections as jobs. */
@Singleton
class ProtectionJobs implements JobKind<Protection> {
    private final Requests requests;
    private final ProtectionPlans plans;
    private final Protector protector;
    private final RequestRecords records;
    private final StoredPictures pictures;
    private final InstantSource clock;

    ProtectionJobs(
            Requests requests,
            ProtectionPlans plans,
            Protector protector,
            RequestRecords records,
            StoredPictures pictures,
            InstantSource clock) {
        this.requests = requests;
        this.plans = plans;
        this.protector = protector;
        this.records = records;
        this.pictures = pictures;
        this.clock = clock;
    }

    @Override
    public String collection() {
        return "protections";
    }

    @Override
    public Protection empty() {
        return Protection.getDefaultInstance();
    }

    @Override
    public Protection checked(Protection asked) {
        requests.require(asked.getSubject(), asked.getAuthorization(), asked.getPicturesList());
        plans.of(asked.getParameters(), asked.getPack(), () -> 0);
        return Protection.newBuilder()
                .setSubject(asked.getSubject())
                .setAuthorization(asked.getAuthorization())
                .addAllPictures(asked.getPicturesList())
                .setParameters(asked.getParameters())
                .setPack(asked.getPack())
                .build();
    }

    @Override
    public Protection work(Protection job, WorkContext context) throws InterruptedException {
        requests.require(job.getSubject(), job.getAuthorization(), job.getPicturesList());
        ProtectionPlan plan = plans.of(job.getParameters(), job.getPack(), () -> Seeds.of(job.getName(), "protection"));
        Instant begun = clock.instant();
        List<Picture> given = job.getPicturesList().stream().map(pictures::read).toList();
        List<Picture> found = protector.protect(plan, given, context);

        RequestRecord.Builder record = records.begin(
                        Stage.STAGE_UNSPECIFIED, Optional.of(plan.pack()), begun, clock.instant())
                .setParameters(RunParameters.newBuilder().setPack(plan.pack().name()))
                .setProtection(plan.parameters())
                .putSeeds("protection", plan.parameters().getSeed())
                .putSeeds("class_pictures", plan.classPictures().seed())
                .putAllParameterSources(plan.sources());
        job.getPicturesList().forEach(picture -> record.addInputs(picture.getBlob()));
        RequestRecord done = record.build();
        Protection.Builder protectedJob = job.toBuilder().setRecord(done);
        for (int i = 0; i < found.size(); i++) {
            protectedJob.addProtectedPictures(
                    pictures.write(job.getPictures(i).getName(), found.get(i), done, context));
        }
        return protectedJob.build();
    }
}
