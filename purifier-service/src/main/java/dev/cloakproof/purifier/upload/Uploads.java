package dev.cloakproof.purifier.upload;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.purifier.config.PurifierConfig;
import dev.cloakproof.purifier.work.Plans;
import dev.cloakproof.service.config.KafkaConfig;
import dev.cloakproof.service.config.WorkConfig;
import dev.cloakproof.service.events.Releases;
import dev.cloakproof.service.events.SubjectKeeper;
import dev.cloakproof.service.platform.Audit;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.tracing.Tracing;
import dev.cloakproof.v1.CreateUploadRequest.Header;
import dev.cloakproof.v1.CreateUploadResponse;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.UploadReceived;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Takes uploads in, and forgets them. */
@Singleton
class Uploads implements SubjectKeeper {
    private static final Logger LOG = Logger.getLogger(Uploads.class);
    /** How soon a run is published that its own pod could not publish. */
    private static final Duration LOOK_AROUND = Duration.ofSeconds(15);

    private final Authorizations authorizations;
    private final Plans plans;
    private final Audit audit;
    private final ObjectStore objects;
    private final BlobStore blobs;
    private final Tombstones tombstones;
    private final Releases releases;
    private final InstantSource clock;
    private final ScheduledExecutorService scheduler;
    private final Settling settling;
    private final Duration window;
    private final Path work;
    private final long mostBytes;
    private final boolean broker;

    Uploads(
            Authorizations authorizations,
            Plans plans,
            Audit audit,
            ObjectStore objects,
            BlobStore blobs,
            EventPublisher publisher,
            Tombstones tombstones,
            Releases releases,
            InstantSource clock,
            ScheduledExecutorService scheduler,
            PurifierConfig config,
            WorkConfig work,
            KafkaConfig kafka,
            Tracing tracing) {
        this.authorizations = authorizations;
        this.plans = plans;
        this.audit = audit;
        this.objects = objects;
        this.blobs = blobs;
        this.tombstones = tombstones;
        this.releases = releases;
        this.clock = clock;
        this.scheduler = scheduler;
        this.window = config.upload().settle();
        this.settling = new Settling(objects, publisher, clock, window, tracing);
        this.work = work.folder().resolve("uploads");
        this.mostBytes = config.maxPictureSize().asLongValue();
        this.broker = kafka.bootstrapServers().isPresent();
    }

    /** What earlier processes left: pictures that were not checked yet go, runs are published, now and again. */
    void lookAround(@Observes StartupEvent started) {
        Spool.sweep(work);
        if (broker) {
            scheduler.scheduleWithFixedDelay(
                    () -> attempt(settling::settleAll), 0, LOOK_AROUND.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A place for the pictures of one upload; the caller closes it. */
    Spool spool() {
        return new Spool(work);
    }

    /** Bytes of the largest encoded picture. */
    long mostBytes() {
        return mostBytes;
    }

    /**
     * Checks what is known before the first picture.
     *
     * @throws CloakproofException AUTHORIZATION_MISSING, PARAMETER_INVALID, METHOD_UNKNOWN, PACK_MISSING or
     *     BROKER_UNAVAILABLE
     */
    void check(Header header) {
        if (!header.getSubject().matches("[a-z][a-z0-9-]{0,62}")) {
            throw invalid("header.subject", "1 to 63 lower-case letters, digits and dashes, beginning with a letter");
        }
        authorizations.require(header.getAuthorization());
        if (!header.getRequestId().isEmpty()) {
            try {
                var _ = UUID.fromString(header.getRequestId());
            } catch (IllegalArgumentException e) {
                throw invalid("header.request_id", "a UUID or nothing");
            }
        }
        plans.of(
                header.getParameters().getPurification(), header.getParameters().getPack());
        if (!broker) {
            throw Reason.BROKER_UNAVAILABLE
                    .problem("expected a broker to begin a run with, found none: cloakproof.kafka.bootstrap-servers is"
                            + " not set")
                    .exception();
        }
    }

    /**
     * Stores pictures that were found good and has a run begin. A repeated request id gives the former answer.
     *
     * @throws CloakproofException UPLOAD_EMPTY, DISK_FULL, STORE_UNAVAILABLE, or CANCELLED if the subject was deleted
     *     meanwhile; nothing is kept then
     */
    CreateUploadResponse create(Header header, List<CheckedPicture> pictures, Caller caller) {
        if (pictures.stream().allMatch(CheckedPicture::reference)) {
            throw Reason.UPLOAD_EMPTY
                    .problem("expected at least one protected picture, found none")
                    .exception();
        }
        if (header.getValidateOnly()) {
            return CreateUploadResponse.getDefaultInstance();
        }
        String request = header.getRequestId().isEmpty()
                ? UUID.randomUUID().toString()
                : Sha256.of(caller.name() + "\n" + header.getRequestId());
        UploadFolder folder = new UploadFolder(objects, Tombstones.hash(header.getSubject()), request);
        Optional<CreateUploadResponse> before = before(folder);
        if (before.isPresent()) {
            return before.get();
        }
        audit.note(
                caller,
                "create-upload",
                "subjects/" + header.getSubject(),
                Map.of(
                        "pictures", Integer.toString(pictures.size()),
                        "basis", header.getAuthorization().getBasis().name(),
                        "reference", header.getAuthorization().getReference()));
        Instant begun = folder.begin(clock.instant());
        List<PictureReference> stored = store(pictures, folder);
        String run = settling.join(received(header, pictures, stored, begun), request);
        CreateUploadResponse response = CreateUploadResponse.newBuilder()
                .setRun("runs/" + run)
                .addAllPictures(stored)
                .build();
        folder.answer(response.toByteArray());
        if (tombstones.isSubjectDeleted(header.getSubject(), begun)) {
            attempt(() -> forget(folder.subjectSha256(), begun));
            throw Reason.CANCELLED
                    .problem("the subject was deleted while its upload came in")
                    .exception();
        }
        scheduler.schedule(
                () -> attempt(() -> settling.settle(header.getSubject())), window.toMillis(), TimeUnit.MILLISECONDS);
        return response;
    }

    @Override
    public void forget(String subjectSha256, Instant until) {
        settling.forget(subjectSha256, until);
        for (UploadFolder folder : UploadFolder.all(objects, subjectSha256)) {
            if (!folder.begun().orElse(until).isAfter(until)) {
                releases.release(subjectSha256, folder.path());
            }
        }
    }

    private UploadReceived received(
            Header header, List<CheckedPicture> pictures, List<PictureReference> stored, Instant begun) {
        RunContext.Builder context = RunContext.newBuilder()
                .setSubject(header.getSubject())
                .setAuthorization(header.getAuthorization())
                .setParameters(header.getParameters())
                .setCreateTime(References.timestamp(begun));
        UploadReceived.Builder upload = UploadReceived.newBuilder();
        for (int i = 0; i < pictures.size(); i++) {
            if (pictures.get(i).reference()) {
                context.addReferences(stored.get(i));
            } else {
                upload.addPictures(stored.get(i));
            }
        }
        return upload.setContext(context).build();
    }

    /** All or nothing: what belongs to no run would be deleted by nobody. */
    private List<PictureReference> store(List<CheckedPicture> pictures, UploadFolder folder) {
        List<Blob> fresh = new ArrayList<>();
        try {
            List<PictureReference> stored = new ArrayList<>();
            for (CheckedPicture picture : pictures) {
                Blob blob = new Blob(Sha256.of(picture.png()), Files.size(picture.png()), "image/png");
                if (!blobs.holds(blob)) {
                    fresh.add(blob);
                }
                blobs.put(picture.png(), blob.mediaType(), folder::claim);
                stored.add(PictureReference.newBuilder()
                        .setName(picture.name())
                        .setBlob(References.of(blob))
                        .setWidth(picture.width())
                        .setHeight(picture.height())
                        .build());
            }
            return stored;
        } catch (IOException e) {
            throw Reason.DISK_FULL
                    .problem("the upload cannot be read back: " + e.getMessage())
                    .exception(e);
        } catch (CloakproofException e) {
            fresh.forEach(blob -> attempt(() -> blobs.delete(blob)));
            attempt(folder::delete);
            throw e;
        }
    }

    private static Optional<CreateUploadResponse> before(UploadFolder folder) {
        return folder.answer().map(stored -> {
            try {
                return CreateUploadResponse.parseFrom(stored);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(folder.path() + " holds no answer", e);
            }
        });
    }

    /** What fails is tried again when this pod, or another one, looks around. */
    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("will be tried again: " + e.getMessage());
        }
    }

    private static CloakproofException invalid(String field, String expected) {
        return Reason.PARAMETER_INVALID
                .problem(field + ": expected " + expected)
                .at(field, expected)
                .exception();
    }
}
