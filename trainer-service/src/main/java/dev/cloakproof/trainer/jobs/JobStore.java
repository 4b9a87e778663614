package dev.cloakproof.trainer.jobs;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.ObjectStore.Versioned;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.WorkState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Jobs of one kind in the object store, changed by compare and swap, so that any pod may create, cancel, work and watch.
 * Below {@code jobs/<collection>} lie {@code all/<id>/job.pb}, {@code lease.json} and {@link Claims}, a marker {@code open/<id>} for each
 * job that is not final, and {@code requests/<hash>} for the ids of requests. Ids sort with the newest first.
 *
 * @param <M> the job's message
 */
public final class JobStore<M extends Message> {
    private static final Set<WorkState> FINAL =
            Set.of(WorkState.WORK_STATE_SUCCEEDED, WorkState.WORK_STATE_FAILED, WorkState.WORK_STATE_CANCELLED);
    private static final long BEFORE_ALL_IDS = 9_999_999_999_999L;
    /** A marker without a job is of a call that is being answered, or of one that crashed longer ago than this. */
    private static final Duration CREATION = Duration.ofMinutes(1);

    private static final int PAGE = 50;
    private static final int LARGEST_PAGE = 1000;

    private final JobKind<M> kind;
    private final ObjectStore objects;
    private final InstantSource clock;
    private final int capacity;

    /** @param capacity jobs that may wait or be at work, 1 or more */
    public JobStore(JobKind<M> kind, ObjectStore objects, InstantSource clock, int capacity) {
        this.kind = kind;
        this.objects = objects;
        this.clock = clock;
        this.capacity = capacity;
    }

    /**
     * Queues a job. A repeated request id gives the job of the first.
     *
     * @param asked checked
     * @param requestId a UUID; empty for a job of its own
     * @throws CloakproofException PARAMETER_INVALID or QUEUE_FULL
     */
    public M create(M asked, String requestId, Caller caller) {
        String id = id(requestId, caller);
        Optional<M> before = load(id);
        if (before.isPresent()) {
            return before.get();
        }
        int waiting = open().size();
        if (waiting >= capacity) {
            throw Reason.QUEUE_FULL
                    .problem("expected room for another job, found " + waiting + " that wait")
                    .with("capacity", capacity)
                    .retryAfter(Duration.ofMinutes(1))
                    .exception();
        }
        M queued = with(asked, "name", kind.collection() + "/" + id);
        queued = state(queued, WorkState.WORK_STATE_QUEUED);
        queued = with(queued, "create_time", References.timestamp(clock.instant()));
        objects.put(marker(id), new byte[0]);
        pictures(queued).forEach(picture -> claim(id, References.blob(picture.getBlob())));
        objects.putIfAbsent(key(id), queued.toByteArray());
        return load(id).orElseThrow();
    }

    private String id(String requestId, Caller caller) {
        String fresh = "j%013d-%s"
                .formatted(
                        BEFORE_ALL_IDS - clock.instant().toEpochMilli(),
                        UUID.randomUUID().toString().substring(0, 8));
        if (requestId.isEmpty()) {
            return fresh;
        }
        try {
            var _ = UUID.fromString(requestId);
        } catch (IllegalArgumentException e) {
            throw Reason.PARAMETER_INVALID
                    .problem("request_id: expected a UUID or nothing")
                    .at("request_id", "a UUID or nothing")
                    .exception(e);
        }
        ObjectKey request =
                ObjectKey.of("jobs", kind.collection(), "requests", Sha256.of(caller.name() + "\n" + requestId));
        objects.putIfAbsent(request, fresh.getBytes(StandardCharsets.UTF_8));
        return new String(objects.get(request).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    /** @throws CloakproofException NOT_FOUND */
    public M get(String name) {
        return load(idOf(name)).orElseThrow(() -> missing(name));
    }

    /** One page of jobs. */
    public record Page<M>(List<M> jobs, String nextToken) {}

    /**
     * The newest jobs first.
     *
     * @param size 1 to 1000, more is 1000; 0 for 50
     * @param token of the page before; empty for the first
     * @param subject only of this one; empty for all
     */
    public Page<M> list(int size, String token, String subject) {
        if (size < 0) {
            throw Reason.PARAMETER_INVALID
                    .problem("page_size: expected 0 to " + LARGEST_PAGE + ", found " + size)
                    .at("page_size", "0 to " + LARGEST_PAGE)
                    .exception();
        }
        int most = size == 0 ? PAGE : Math.min(size, LARGEST_PAGE);
        List<M> page = new ArrayList<>();
        for (String id : ids()) {
            if (id.compareTo(token) <= 0) {
                continue;
            }
            Optional<M> job = load(id).filter(found -> subject.isEmpty() || subject.equals(get(found, "subject")));
            if (job.isPresent()) {
                if (page.size() == most) {
                    return new Page<>(page, idOf((String) get(page.getLast(), "name")));
                }
                page.add(job.get());
            }
        }
        return new Page<>(page, "");
    }

    /**
     * Asks a job to stop.
     *
     * @throws CloakproofException NOT_FOUND or STATE_FINAL
     */
    public M cancel(String name) {
        return change(idOf(name), job -> {
            if (isFinal(job)) {
                throw Reason.STATE_FINAL
                        .problem("expected a job that goes on, found " + name + " in " + state(job))
                        .with("name", name)
                        .exception();
            }
            return stopped(job);
        });
    }

    /**
     * Lets go of the jobs of a subject that have ended, and cancels the others.
     *
     * @param until jobs that were created up to this moment
     * @param release takes the folders of jobs that have ended
     * @return names of jobs that have not ended yet: forget them again
     */
    public List<String> forget(String subjectSha256, Instant until, Consumer<String> release) {
        List<String> going = new ArrayList<>();
        for (String id : ids()) {
            Optional<M> found = load(id).filter(
                            job -> Tombstones.hash((String) get(job, "subject")).equals(subjectSha256))
                    .filter(_ -> !created(id).isAfter(until));
            if (found.isEmpty()) {
                continue;
            }
            M job = isFinal(found.get()) ? found.get() : change(id, this::stopped);
            if (isFinal(job)) {
                objects.delete(marker(id));
                forgetRequest(id);
                release.accept(folder(id));
            } else {
                going.add(kind.collection() + "/" + id);
            }
        }
        return going;
    }

    private M stopped(M job) {
        return switch (state(job)) {
            case WORK_STATE_QUEUED -> ended(job, WorkState.WORK_STATE_CANCELLED);
            case WORK_STATE_RUNNING -> state(job, WorkState.WORK_STATE_CANCELLING);
            default -> job;
        };
    }

    private void forgetRequest(String id) {
        for (ObjectKey request : objects.list("jobs/" + kind.collection() + "/requests/")) {
            boolean its = objects.get(request)
                    .filter(stored -> new String(stored.bytes(), StandardCharsets.UTF_8).equals(id))
                    .isPresent();
            if (its) {
                objects.delete(request);
            }
        }
    }

    /** Says that a job keeps a blob, or is about to. */
    void claim(String id, Blob blob) {
        new Claims(objects).add(folder(id), blob);
    }

    private String folder(String id) {
        return "jobs/" + kind.collection() + "/all/" + id;
    }

    @SuppressWarnings("unchecked") // what all kinds of jobs begin with
    private static List<PictureReference> pictures(Message job) {
        return (List<PictureReference>) get(job, "pictures");
    }

    private List<String> ids() {
        return objects.list("jobs/" + kind.collection() + "/all/").stream()
                .map(ObjectKey::text)
                .filter(key -> key.endsWith("/job.pb"))
                .map(key -> key.split("/")[3])
                .toList();
    }

    /** Ids of jobs that are not final, the oldest first. */
    List<String> open() {
        return objects.list("jobs/" + kind.collection() + "/open/").reversed().stream()
                .map(key -> key.text().substring(key.text().lastIndexOf('/') + 1))
                .toList();
    }

    /** A job that may be worked on; markers of others are put in order. */
    Optional<M> workable(String id) {
        Optional<M> job = load(id);
        boolean crashed = job.isEmpty() && created(id).isBefore(clock.instant().minus(CREATION));
        if (crashed || job.isPresent() && isFinal(job.get())) {
            objects.delete(marker(id));
            return Optional.empty();
        }
        return job;
    }

    private static Instant created(String id) {
        return Instant.ofEpochMilli(BEFORE_ALL_IDS - Long.parseLong(id.substring(1, id.indexOf('-'))));
    }

    /** Changes a job by compare and swap; {@code step} may be called more than once. */
    M change(String id, UnaryOperator<M> step) {
        while (true) {
            Versioned found = objects.get(key(id)).orElseThrow(() -> missing(kind.collection() + "/" + id));
            M before = parse(found.bytes());
            M after = step.apply(before);
            if (after.equals(before)) {
                return before;
            }
            if (objects.replace(key(id), after.toByteArray(), found.version()).isPresent()) {
                return after;
            }
        }
    }

    M ended(M job, WorkState state) {
        return with(state(job, state), "end_time", References.timestamp(clock.instant()));
    }

    ObjectKey lease(String id) {
        return ObjectKey.of("jobs", kind.collection(), "all", id, "lease.json");
    }

    String idOf(String name) {
        String prefix = kind.collection() + "/";
        if (!name.matches(prefix + "j\\d{13}-[0-9a-f]{8}")) {
            throw missing(name);
        }
        return name.substring(prefix.length());
    }

    private static CloakproofException missing(String name) {
        return Reason.NOT_FOUND
                .problem("expected a job of this name, found none: " + name)
                .with("name", name)
                .exception();
    }

    private Optional<M> load(String id) {
        return objects.get(key(id)).map(found -> parse(found.bytes()));
    }

    @SuppressWarnings("unchecked") // a message's parser makes messages of its own class
    private M parse(byte[] bytes) {
        try {
            return (M) kind.empty().getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a job of " + kind.collection() + " cannot be read", e);
        }
    }

    private ObjectKey key(String id) {
        return ObjectKey.of("jobs", kind.collection(), "all", id, "job.pb");
    }

    private ObjectKey marker(String id) {
        return ObjectKey.of("jobs", kind.collection(), "open", id);
    }

    /** Whether a job has ended. */
    public static boolean isFinal(Message job) {
        return FINAL.contains(state(job));
    }

    static WorkState state(Message job) {
        return WorkState.forNumber(((EnumValueDescriptor) get(job, "state")).getNumber());
    }

    static <M extends Message> M state(M job, WorkState state) {
        return with(job, "state", state.getValueDescriptor());
    }

    static Object get(Message job, String field) {
        return job.getField(field(job, field));
    }

    @SuppressWarnings("unchecked") // a message's builder builds messages of its own class
    static <M extends Message> M with(M job, String field, Object value) {
        return (M) job.toBuilder().setField(field(job, field), value).build();
    }

    static boolean has(Message job, String field) {
        return job.hasField(field(job, field));
    }

    private static FieldDescriptor field(Message job, String name) {
        return job.getDescriptorForType().findFieldByName(name);
    }
}
