package dev.cloakproof.sampler.events;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.StageHandler;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.sampler.sample.Drawn;
import dev.cloakproof.sampler.sample.SamplingListener;
import dev.cloakproof.sampler.sample.SamplingProgress;
import dev.cloakproof.sampler.work.Drawings;
import dev.cloakproof.sampler.work.Plan;
import dev.cloakproof.sampler.work.Plans;
import dev.cloakproof.sampler.work.SamplingRecords;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.Seeds;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ImagesSampled.SampledReference;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Draws the pictures of a run with its model. */
@Singleton
class SampleStage implements StageHandler<ModelTrained, ImagesSampled> {
    private final Authorizations authorizations;
    private final Plans plans;
    private final Drawings drawings;
    private final SamplingRecords records;
    private final StoredPictures pictures;
    private final FinishedPictures finished;
    private final InstantSource clock;

    SampleStage(
            Authorizations authorizations,
            Plans plans,
            Drawings drawings,
            SamplingRecords records,
            StoredPictures pictures,
            FinishedPictures finished,
            InstantSource clock) {
        this.authorizations = authorizations;
        this.plans = plans;
        this.drawings = drawings;
        this.records = records;
        this.pictures = pictures;
        this.finished = finished;
        this.clock = clock;
    }

    @Override
    public Stage stage() {
        return Stage.STAGE_SAMPLE;
    }

    @Override
    public EventType<ModelTrained> consumes() {
        return EventType.MODEL_TRAINED;
    }

    @Override
    public EventType<ImagesSampled> produces() {
        return EventType.IMAGES_SAMPLED;
    }

    @Override
    public RunContext context(ModelTrained asked) {
        return asked.getContext();
    }

    @Override
    public ImagesSampled work(ModelTrained asked, WorkContext context) {
        // 1. What is asked for
        RunContext run = asked.getContext();
        authorizations.require(run.getAuthorization());
        Blob model = References.blob(asked.getModel());
        Plan plan = plans.of(
                run.getParameters().getSampling(),
                Optional.of(model),
                run.getParameters().getPack(),
                run.getRun(),
                () -> Seeds.of(run.getRun(), "sampling"));
        Instant begun = clock.instant();

        // 2. Pictures that a worker before this one finished are the same as those it would draw
        String specification = Sha256.of(asked.toByteArray());
        List<SampledReference> samples = new ArrayList<>(finished.of(run.getRun(), specification));

        // 3. The others
        if (samples.size() < plan.spec().pictures()) {
            drawings.draw(plan, samples.size(), context::checkCancelled, new SamplingListener() {
                private Instant last = clock.instant();

                @Override
                public void step(SamplingProgress progress) {
                    context.checkCancelled();
                    context.progress(
                            progress.done(),
                            progress.total(),
                            "drawing picture " + progress.picture() + " of " + progress.pictures(),
                            Map.of());
                }

                @Override
                public void drawn(Drawn drawn) {
                    Instant now = clock.instant();
                    byte[] png = records.png(plan, drawn, records.of(plan, drawn.seed(), last, now));
                    last = now;
                    SampledReference sample = SampledReference.newBuilder()
                            .setPicture(pictures.write(SamplingRecords.name(drawn), drawn.picture(), png, context))
                            .setPrompt(drawn.prompt())
                            .setSeed(drawn.seed())
                            .build();
                    finished.add(run.getRun(), specification, samples.size(), sample);
                    samples.add(sample);
                }
            });
        }

        // 4. What the next stage needs
        return ImagesSampled.newBuilder()
                .setContext(run)
                .addAllSamples(samples)
                .setRecord(records.of(plan, begun, clock.instant()))
                .setModel(asked.getModel())
                .addAllProtectedPictures(asked.getProtectedPicturesList())
                .addAllPurifiedPictures(asked.getPurifiedPicturesList())
                .setCurve(asked.getCurve())
                .build();
    }
}
