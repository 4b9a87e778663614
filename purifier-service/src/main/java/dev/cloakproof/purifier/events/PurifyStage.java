package dev.cloakproof.purifier.events;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.StageHandler;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.purifier.work.Input;
import dev.cloakproof.purifier.work.Order;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.Plans;
import dev.cloakproof.purifier.work.PurificationRecords;
import dev.cloakproof.purifier.work.Purifier;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.Seeds;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.UploadReceived;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Purifies the pictures of a run. */
@Singleton
class PurifyStage implements StageHandler<UploadReceived, ImagesPurified> {
    private final Authorizations authorizations;
    private final Plans plans;
    private final Purifier purifier;
    private final PurificationRecords records;
    private final StoredPictures pictures;
    private final PurifiedPictures finished;
    private final InstantSource clock;

    PurifyStage(
            Authorizations authorizations,
            Plans plans,
            Purifier purifier,
            PurificationRecords records,
            StoredPictures pictures,
            PurifiedPictures finished,
            InstantSource clock) {
        this.authorizations = authorizations;
        this.plans = plans;
        this.purifier = purifier;
        this.records = records;
        this.pictures = pictures;
        this.finished = finished;
        this.clock = clock;
    }

    @Override
    public Stage stage() {
        return Stage.STAGE_PURIFY;
    }

    @Override
    public EventType<UploadReceived> consumes() {
        return EventType.UPLOAD_RECEIVED;
    }

    @Override
    public EventType<ImagesPurified> produces() {
        return EventType.IMAGES_PURIFIED;
    }

    @Override
    public RunContext context(UploadReceived asked) {
        return asked.getContext();
    }

    @Override
    public ImagesPurified work(UploadReceived asked, WorkContext context) {
        RunContext run = asked.getContext();
        authorizations.require(run.getAuthorization());
        Plan plan = plans.of(
                run.getParameters().getPurification(),
                run.getParameters().getPack(),
                () -> Seeds.of(run.getRun(), "purification"));

        Instant begun = clock.instant();
        List<PictureReference> inputs = asked.getPicturesList();
        List<PictureReference> purified = new ArrayList<>();
        List<Blob> blobs = new ArrayList<>();
        for (PictureReference input : inputs) {
            context.checkCancelled();
            context.progress(purified.size(), inputs.size(), "purifying " + input.getName(), Map.of());
            Blob blob = References.blob(input.getBlob());
            blobs.add(blob);
            Optional<PictureReference> before = finished.find(run.getRun(), plan, blob);
            PictureReference made = before.isPresent()
                    ? before.get()
                    : purify(
                            plan,
                            input,
                            blob,
                            message -> context.progress(purified.size(), inputs.size(), message, Map.of()),
                            context);
            if (before.isEmpty()) {
                finished.keep(run.getRun(), plan, blob, made);
            }
            // The same picture may come under two names.
            purified.add(made.toBuilder().setName(input.getName()).build());
        }
        context.progress(inputs.size(), inputs.size(), "purified", Map.of());
        return ImagesPurified.newBuilder()
                .setContext(run)
                .addAllProtectedPictures(inputs)
                .addAllPurifiedPictures(purified)
                .setRecord(records.of(plan, blobs, begun, clock.instant()))
                .build();
    }

    private PictureReference purify(
            Plan plan, PictureReference input, Blob blob, Consumer<String> progress, WorkContext context) {
        Order order = Order.of(new Input.Encoded(pictures.encoded(input)), plan);
        Delivery delivery = purifier.purify(
                order,
                context::checkCancelled,
                (step, done, total) ->
                        progress.accept("purifying " + input.getName() + ": " + step + " " + done + " of " + total));
        return pictures.write(
                input.getName(),
                delivery.purified().picture(),
                records.of(plan, List.of(blob), delivery.begun(), delivery.ended()),
                context);
    }
}
