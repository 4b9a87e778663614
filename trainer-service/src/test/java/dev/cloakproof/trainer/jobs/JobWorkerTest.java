package dev.cloakproof.trainer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.platform.lease.LeaseKeeper;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Training;
import dev.cloakproof.v1.WorkState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose work a test holds in its hand. */
class JobWorkerTest {
    private static final Caller ANNA = new Caller("anna", Set.of());
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(10);

    /** Works until it is released; its subject says how it ends. */
    private static final class Scripted implements JobKind<Training> {
        private final AtomicInteger begun = new AtomicInteger();
        private volatile CountDownLatch released = new CountDownLatch(1);

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
            return asked;
        }

        @Override
        public Training work(Training job, WorkContext context) {
            begun.incrementAndGet();
            context.progress(1, 2, "half", Map.of("loss", 0.5));
            while (released.getCount() > 0) {
                context.checkCancelled();
                Thread.onSpinWait();
            }
            if (job.getSubject().equals("poison")) {
                throw Reason.PICTURE_INVALID
                        .problem("expected a picture, found poison")
                        .exception();
            }
            return job.toBuilder().setPack("done").build();
        }
    }

    @TempDir
    private Path folder;

    private final Scripted kind = new Scripted();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private ObjectStore objects;
    private JobStore<Training> store;
    private JobWorker<Training> worker;

    @BeforeEach
    void begin() {
        objects = new FileObjectStore(folder);
        store = new JobStore<>(kind, objects, InstantSource.system(), 3);
    }

    @AfterEach
    void end() {
        kind.released.countDown();
        if (worker != null) {
            worker.close();
        }
        scheduler.shutdownNow();
    }

    private JobWorker<Training> worker() {
        return new JobWorker<>(
                kind,
                store,
                new Leases(objects, InstantSource.system(), UUID.randomUUID().toString(), TIME_TO_LIVE),
                new LeaseKeeper(scheduler, TIME_TO_LIVE),
                new ServiceMetrics(new SimpleMeterRegistry(), "trainer"),
                InstantSource.system());
    }

    private Training create(String subject) {
        return store.create(Training.newBuilder().setSubject(subject).build(), "", ANNA);
    }

    private void awaitState(Training job, WorkState state) {
        await().until(() -> store.get(job.getName()).getState() == state);
    }

    @Test
    void aJobIsWorkedOnAndEnds() {
        Training job = create("anna");
        assertThat(job.getState()).isEqualTo(WorkState.WORK_STATE_QUEUED);
        worker = worker();
        awaitState(job, WorkState.WORK_STATE_RUNNING);
        await().until(() -> store.get(job.getName()).getProgress().getStep() == 1);
        kind.released.countDown();
        awaitState(job, WorkState.WORK_STATE_SUCCEEDED);
        Training done = store.get(job.getName());
        assertThat(done.getPack()).isEqualTo("done");
        assertThat(done.getProgress().getValuesMap()).containsEntry("loss", 0.5);
        assertThat(done.hasStartTime() && done.hasEndTime()).isTrue();
        await().until(() -> objects.list("jobs/trainings/open/").isEmpty());
    }

    @Test
    void aJobThatFailsSaysWhy() {
        Training job = create("poison");
        kind.released.countDown();
        worker = worker();
        awaitState(job, WorkState.WORK_STATE_FAILED);
        assertThat(store.get(job.getName()).getFailure().getReason()).isEqualTo("PICTURE_INVALID");
    }

    @Test
    void aJobAtWorkIsCancelledAndOneThatWaitsNeverBegins() {
        Training first = create("anna");
        worker = worker();
        awaitState(first, WorkState.WORK_STATE_RUNNING);
        Training second = create("bert");
        assertThat(store.cancel(second.getName()).getState()).isEqualTo(WorkState.WORK_STATE_CANCELLED);
        assertThat(store.cancel(first.getName()).getState()).isEqualTo(WorkState.WORK_STATE_CANCELLING);
        worker.cancelled(first.getName());
        awaitState(first, WorkState.WORK_STATE_CANCELLED);
        assertThat(kind.begun).hasValue(1);
        assertThat(refused(() -> store.cancel(first.getName()))).isEqualTo(Reason.STATE_FINAL);
    }

    @Test
    void aJobThatAShutdownStoppedGoesOnWithTheNextWorker() {
        Training job = create("anna");
        worker = worker();
        awaitState(job, WorkState.WORK_STATE_RUNNING);
        worker.close();
        assertThat(store.get(job.getName()).getState()).isEqualTo(WorkState.WORK_STATE_RUNNING);

        kind.released.countDown();
        worker = worker();
        awaitState(job, WorkState.WORK_STATE_SUCCEEDED);
        assertThat(kind.begun).hasValue(2);
    }

    @Test
    void twoWorkersDoAJobOnce() {
        Training job = create("anna");
        worker = worker();
        awaitState(job, WorkState.WORK_STATE_RUNNING);
        try (JobWorker<Training> other = worker()) {
            other.wake();
            Training next = create("bert");
            other.wake();
            // The other one has passed by the first job when it takes the next.
            awaitState(next, WorkState.WORK_STATE_RUNNING);
            assertThat(kind.begun).hasValue(2);
            kind.released.countDown();
            awaitState(next, WorkState.WORK_STATE_SUCCEEDED);
        }
        awaitState(job, WorkState.WORK_STATE_SUCCEEDED);
        assertThat(kind.begun).hasValue(2);
    }

    @Test
    void jobsOfADeletedSubjectAreStoppedAndThenLetGoOf() {
        Instant before = Instant.now();
        Training going = create("anna");
        worker = worker();
        awaitState(going, WorkState.WORK_STATE_RUNNING);
        Training waiting = store.create(
                Training.newBuilder().setSubject("anna").build(),
                UUID.randomUUID().toString(),
                ANNA);
        Training other = create("bert");
        String anna = Tombstones.hash("anna");
        List<String> released = new ArrayList<>();
        assertThat(store.forget(anna, before.minusSeconds(1), released::add)).isEmpty();
        assertThat(released).isEmpty();

        assertThat(store.forget(anna, Instant.now(), released::add)).containsExactly(going.getName());
        assertThat(released).containsExactly("jobs/trainings/all/" + store.idOf(waiting.getName()));
        assertThat(objects.list("jobs/trainings/requests/")).isEmpty();
        worker.cancelled(going.getName());
        awaitState(going, WorkState.WORK_STATE_CANCELLED);
        released.clear();
        assertThat(store.forget(anna, Instant.now(), released::add)).isEmpty();
        assertThat(released).hasSize(2);
        assertThat(JobStore.isFinal(store.get(other.getName()))).isFalse();
    }

    @Test
    void aJobClaimsWhatItIsGivenAndWhatItStores() {
        Blob given = new Blob("a".repeat(64), 1, "image/png");
        Blob made = new Blob("b".repeat(64), 2, "image/png");
        Training job = store.create(
                Training.newBuilder()
                        .setSubject("anna")
                        .addPictures(PictureReference.newBuilder().setBlob(References.of(given)))
                        .build(),
                "",
                ANNA);
        String folder = "jobs/trainings/all/" + store.idOf(job.getName());
        assertThat(new Claims(objects).of(folder)).containsExactly(given);
        store.claim(store.idOf(job.getName()), made);
        assertThat(new Claims(objects).of(folder)).containsExactlyInAnyOrder(given, made);
        assertThat(store.list(0, "", "anna").jobs()).containsExactly(job);
    }

    @Test
    void theQueueIsBoundedAndARepeatedRequestTakesNoPlace() {
        String request = UUID.randomUUID().toString();
        Training asked = Training.newBuilder().setSubject("anna").build();
        Training first = store.create(asked, request, ANNA);
        create("bert");
        create("carl");
        assertThat(store.create(asked, request, ANNA)).isEqualTo(first);
        assertThat(refused(() -> create("dora"))).isEqualTo(Reason.QUEUE_FULL);
        assertThat(refused(() -> store.create(asked, "once", ANNA))).isEqualTo(Reason.PARAMETER_INVALID);
        // Another caller's same id is another request.
        assertThat(refused(() -> store.create(asked, request, new Caller("bert", Set.of()))))
                .isEqualTo(Reason.QUEUE_FULL);
    }

    @Test
    void jobsAreListedByPagesTheNewestFirst() {
        JobStore<Training> roomy = new JobStore<>(kind, objects, InstantSource.system(), 10);
        List<String> names = new java.util.ArrayList<>();
        for (String subject : List.of("anna", "bert", "anna", "anna", "bert")) {
            Training last =
                    roomy.create(Training.newBuilder().setSubject(subject).build(), "", ANNA);
            names.addFirst(last.getName());
            // Names of one millisecond have no order.
            await().until(() -> System.currentTimeMillis()
                    > last.getCreateTime().getSeconds() * 1000
                            + last.getCreateTime().getNanos() / 1_000_000);
        }
        var first = roomy.list(3, "", "");
        var second = roomy.list(3, first.nextToken(), "");
        assertThat(first.jobs()).extracting(Training::getName).isEqualTo(names.subList(0, 3));
        assertThat(second.jobs()).extracting(Training::getName).isEqualTo(names.subList(3, 5));
        assertThat(second.nextToken()).isEmpty();
        assertThat(roomy.list(0, "", "bert").jobs()).hasSize(2);
        assertThat(refused(() -> roomy.list(-1, "", ""))).isEqualTo(Reason.PARAMETER_INVALID);
    }

    @Test
    void aNameThatIsNoneIsNotFound() {
        for (String name : List.of("", "trainings/x", "trainings/../x", "protections/j0000000000000-00000000")) {
            assertThat(refused(() -> store.get(name))).isEqualTo(Reason.NOT_FOUND);
        }
    }

    private static Reason refused(Runnable call) {
        return catchThrowableOfType(CloakproofException.class, call::run).reason();
    }
}
