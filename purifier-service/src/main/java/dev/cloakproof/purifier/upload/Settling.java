package dev.cloakproof.purifier.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.ObjectStore.Versioned;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.service.tracing.Tracing;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.UploadReceived;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Joins uploads to runs. A run waits for the settling window after its latest upload; an upload of the same subject with
 * the same parameters and authorisation joins the run that waits, any other ends its wait. So each picture is trained on
 * in exactly one run, and ten uploads in a minute are one training.
 *
 * <p>What waits lies in the object store, one object a subject, changed by compare and swap: it survives crashes, and
 * several pods may take uploads. A run is frozen before it is published, so that it is published with the same pictures
 * however often that is tried.
 */
final class Settling {
    private static final String FOLDER = "settling";
    private static final int MOST_PICTURES = 200;
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();

    private final ObjectStore objects;
    private final Tombstones tombstones;
    private final EventPublisher publisher;
    private final InstantSource clock;
    private final Duration window;
    private final Tracing tracing;

    /**
     * A run that was not published yet.
     *
     * @param due when it is
     * @param upload the payload, {@link UploadReceived}
     * @param requests ids of the uploads in it
     * @param traces the uploads' W3C traceparents, as far as they have any: the run goes on with the first
     */
    record Waiting(
            String run,
            Instant due,
            byte[] upload,
            List<String> requests,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> traces) {
        Waiting {
            traces = traces == null ? List.of() : List.copyOf(traces);
        }
    }

    /**
     * What waits for a subject.
     *
     * @param open takes further uploads; null for none
     * @param frozen to be published
     */
    record State(Waiting open, List<Waiting> frozen) {
        static final State EMPTY = new State(null, List.of());

        Optional<String> runOf(String request) {
            return Stream.concat(Stream.ofNullable(open), frozen.stream())
                    .filter(waiting -> waiting.requests().contains(request))
                    .map(Waiting::run)
                    .findAny();
        }
    }

    Settling(ObjectStore objects, EventPublisher publisher, InstantSource clock, Duration window, Tracing tracing) {
        this.objects = objects;
        this.tombstones = new Tombstones(objects);
        this.publisher = publisher;
        this.clock = clock;
        this.window = window;
        this.tracing = tracing;
    }

    /**
     * Adds pictures to the run of their subject that waits, or to a new one. Durable on return.
     *
     * @param upload the run's name is set here
     * @param request id of this upload: adding it twice changes nothing
     * @return the run's id
     */
    String join(UploadReceived upload, String request) {
        ObjectKey key = key(upload.getContext().getSubject());
        State joined = change(key, state -> state.runOf(request).isPresent() ? state : with(state, upload, request));
        String run = joined.runOf(request).orElseThrow();
        tracing.about(run);
        return run;
    }

    private State with(State state, UploadReceived upload, String request) {
        Instant due = clock.instant().plus(window);
        Waiting open = state.open();
        if (open != null && fits(read(open), upload) && !isDeleted(read(open))) {
            List<String> requests = new ArrayList<>(open.requests());
            requests.add(request);
            UploadReceived both = read(open).toBuilder()
                    .addAllPictures(upload.getPicturesList())
                    .setContext(read(open).getContext().toBuilder()
                            .addAllReferences(upload.getContext().getReferencesList()))
                    .build();
            return new State(new Waiting(open.run(), due, both.toByteArray(), requests, traces(open)), state.frozen());
        }
        String run = "r-" + UUID.randomUUID();
        UploadReceived named = upload.toBuilder()
                .setContext(upload.getContext().toBuilder().setRun("runs/" + run))
                .build();
        List<String> traces = tracing.current().stream().toList();
        return new State(new Waiting(run, due, named.toByteArray(), List.of(request), traces), frozen(state));
    }

    private List<String> traces(Waiting open) {
        return Stream.concat(open.traces().stream(), tracing.current().stream()).toList();
    }

    /** An upload that comes after a deletion may not join what goes with it. */
    private boolean isDeleted(UploadReceived open) {
        return tombstones.isSubjectDeleted(open.getContext().getSubject(), time(open));
    }

    private static boolean fits(UploadReceived open, UploadReceived upload) {
        RunContext one = open.getContext();
        RunContext other = upload.getContext();
        return one.getParameters().equals(other.getParameters())
                && one.getAuthorization().equals(other.getAuthorization())
                && open.getPicturesCount() + upload.getPicturesCount() <= MOST_PICTURES;
    }

    private static List<Waiting> frozen(State state) {
        return Stream.concat(state.frozen().stream(), Stream.ofNullable(state.open()))
                .toList();
    }

    /**
     * Publishes the runs of a subject that are due.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException BROKER_UNAVAILABLE; they are then published later
     */
    void settle(String subject) {
        settle(key(subject));
    }

    /** Publishes all runs that are due, whoever took their uploads. */
    void settleAll() {
        objects.list(FOLDER + "/").forEach(this::settle);
    }

    private void settle(ObjectKey key) {
        Instant now = clock.instant();
        State state = change(
                key,
                found -> found.open() != null && !found.open().due().isAfter(now)
                        ? new State(null, frozen(found))
                        : found);
        for (Waiting run : state.frozen()) {
            publish(run);
            for (String request : run.requests()) {
                new UploadFolder(objects, subjectOf(key), request).dropClaims();
            }
            change(
                    key,
                    found -> new State(
                            found.open(),
                            found.frozen().stream()
                                    .filter(other -> !other.run().equals(run.run()))
                                    .toList()));
        }
    }

    /** Drops the runs of a subject that were not published yet and began up to a moment. */
    void forget(String subjectSha256, Instant until) {
        ObjectKey key = ObjectKey.of(FOLDER, subjectSha256);
        if (objects.get(key).isPresent()) {
            change(
                    key,
                    found -> new State(
                            found.open() == null || began(found.open(), until) ? null : found.open(),
                            found.frozen().stream()
                                    .filter(run -> !began(run, until))
                                    .toList()));
        }
    }

    private static boolean began(Waiting run, Instant until) {
        return !time(read(run)).isAfter(until);
    }

    private static Instant time(UploadReceived upload) {
        return Instant.ofEpochSecond(
                upload.getContext().getCreateTime().getSeconds(),
                upload.getContext().getCreateTime().getNanos());
    }

    private static String subjectOf(ObjectKey key) {
        return key.text().substring(FOLDER.length() + 1);
    }

    private void publish(Waiting run) {
        UploadReceived upload = read(run);
        // The same id each time: who hears it twice knows it.
        String id = Sha256.of("upload\n" + run.run()).substring(0, 32);
        tracing.in(settled(run), () -> {
            publisher.publish(Event.first(EventType.UPLOAD_RECEIVED, id, "/purifier", run.run(), time(upload), upload));
            return null;
        });
    }

    /** The end of the wait: within the trace of the upload that began it, linked to those that joined. */
    private SpanBuilder settled(Waiting run) {
        List<Context> uploads = run.traces().stream()
                .map(trace -> tracing.context(Optional.of(trace)))
                .toList();
        SpanBuilder span = tracing.span("settle", SpanKind.INTERNAL, "runs/" + run.run())
                .setParent(uploads.isEmpty() ? Context.root() : uploads.getFirst());
        uploads.stream()
                .skip(1)
                .forEach(upload -> span.addLink(Span.fromContext(upload).getSpanContext()));
        return span;
    }

    private State change(ObjectKey key, UnaryOperator<State> step) {
        while (true) {
            Optional<Versioned> found = objects.get(key);
            State before = found.map(Settling::decode).orElse(State.EMPTY);
            State after = step.apply(before);
            if (after.equals(before)) {
                return before;
            }
            boolean written = found.isPresent()
                    ? objects.replace(key, encode(after), found.get().version()).isPresent()
                    : objects.putIfAbsent(key, encode(after)).isPresent();
            if (written) {
                return after;
            }
        }
    }

    /** The key tells nobody the subject. */
    private static ObjectKey key(String subject) {
        return ObjectKey.of(FOLDER, Tombstones.hash(subject));
    }

    private static UploadReceived read(Waiting run) {
        try {
            return UploadReceived.parseFrom(run.upload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("run " + run.run() + " that waits cannot be read", e);
        }
    }

    private static byte[] encode(State state) {
        try {
            return JSON.writeValueAsBytes(state);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static State decode(Versioned stored) {
        try {
            return JSON.readValue(stored.bytes(), State.class);
        } catch (IOException e) {
            throw new UncheckedIOException("what waits for a subject cannot be read", e);
        }
    }
}
