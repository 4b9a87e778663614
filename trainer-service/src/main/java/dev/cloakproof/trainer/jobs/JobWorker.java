package dev.cloakproof.trainer.jobs;

import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.lease.Lease;
import dev.cloakproof.platform.lease.LeaseKeeper;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.platform.work.Cancellation;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.service.records.References;
import dev.cloakproof.v1.Progress;
import dev.cloakproof.v1.WorkState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Works on the jobs of a store, one at a time under a lease, the oldest first: those created here, and those that a pod
 * left which crashed or shut down.
 *
 * @param <M> the job's message
 */
public final class JobWorker<M extends Message> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobWorker.class);
    /** How soon a job is found that another pod left or took in. */
    private static final Duration LOOK_AROUND = Duration.ofSeconds(5);

    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(500);

    private final JobKind<M> kind;
    private final JobStore<M> store;
    private final Leases leases;
    private final LeaseKeeper keeper;
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile Cancellation current;
    private volatile String currentId = "";
    private volatile boolean closing;

    /** Starts the worker's thread. */
    public JobWorker(
            JobKind<M> kind,
            JobStore<M> store,
            Leases leases,
            LeaseKeeper keeper,
            ServiceMetrics metrics,
            InstantSource clock) {
        this.kind = kind;
        this.store = store;
        this.leases = leases;
        this.keeper = keeper;
        this.metrics = metrics;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name(kind.collection() + "-worker").start(this::loop);
    }

    /** Says that there is a new job. */
    public void wake() {
        news.release();
    }

    /** Stops a job at its next step if it is at work here; elsewhere its worker finds out with its next report. */
    public void cancelled(String name) {
        Cancellation working = current;
        if (working != null && name.equals(kind.collection() + "/" + currentId)) {
            working.request(cancelledProblem(name));
        }
    }

    private static Problem cancelledProblem(String name) {
        return Reason.CANCELLED.problem(name + " was cancelled").with("name", name);
    }

    /** Has the job at work save what it can, and waits for that. It goes on elsewhere, or here after the next start. */
    @Override
    public void close() {
        closing = true;
        Cancellation working = current;
        if (working != null) {
            working.request(shuttingDown());
        }
        news.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Problem shuttingDown() {
        return Reason.SHUTTING_DOWN.problem("the service stopped the work to shut down");
    }

    private void loop() {
        while (!closing) {
            boolean worked = false;
            try {
                worked = workOnce();
            } catch (RuntimeException e) {
                LOG.warn("will look for work again: " + e.getMessage(), e);
            }
            try {
                if (!worked && news.tryAcquire(LOOK_AROUND.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean workOnce() {
        for (String id : store.open()) {
            if (store.workable(id).isEmpty()) {
                continue;
            }
            Optional<Lease> lease = leases.acquire(store.lease(id));
            if (lease.isPresent()) {
                try (Lease held = lease.get()) {
                    return work(id, held);
                }
            }
        }
        return false;
    }

    /** @return whether another job may be begun at once */
    private boolean work(String id, Lease lease) {
        M job = store.change(id, found -> switch (JobStore.state(found)) {
            case WORK_STATE_QUEUED -> {
                M begun = JobStore.state(found, WorkState.WORK_STATE_RUNNING);
                yield JobStore.has(found, "start_time")
                        ? begun
                        : JobStore.with(begun, "start_time", References.timestamp(clock.instant()));
            }
            case WORK_STATE_CANCELLING -> store.ended(found, WorkState.WORK_STATE_CANCELLED);
            default -> found;
        });
        if (JobStore.isFinal(job)) {
            return true;
        }
        Cancellation cancellation = new Cancellation();
        currentId = id;
        current = cancellation;
        if (closing) {
            cancellation.request(shuttingDown());
        }
        long begun = System.nanoTime();
        try (var _ = keeper.keep(lease, lost -> cancellation.request(lost.problem()))) {
            cancellation.check();
            M done = kind.work(job, new Context(id, cancellation));
            // The result counts only if the lease is still ours.
            lease.renew();
            store.change(id, found -> store.ended(outputs(found, done), WorkState.WORK_STATE_SUCCEEDED));
            metrics.finished(Duration.ofNanos(System.nanoTime() - begun), Optional.empty());
            return true;
        } catch (Exception | Error e) {
            Problem why = Calls.problem(e);
            metrics.finished(Duration.ofNanos(System.nanoTime() - begun), Optional.of(why.reason()));
            return failed(id, why);
        } finally {
            current = null;
        }
    }

    /** What the work set, on what the store has: a cancellation may have come in between. */
    private M outputs(M found, M done) {
        return JobStore.has(found, "progress")
                ? JobStore.with(done, "progress", JobStore.get(found, "progress"))
                : done;
    }

    private boolean failed(String id, Problem why) {
        switch (why.reason()) {
            case SHUTTING_DOWN, LEASE_LOST -> {
                return false; // it stays as it is, for whoever takes it next
            }
            case CANCELLED -> store.change(id, found -> store.ended(found, WorkState.WORK_STATE_CANCELLED));
            default ->
                store.change(
                        id,
                        found -> store.ended(
                                JobStore.with(found, "failure", Calls.failure(why)), WorkState.WORK_STATE_FAILED));
        }
        return true;
    }

    /** Reports into the store, at most twice a second, and learns there of cancellations that came in elsewhere. */
    private final class Context implements WorkContext {
        private final String id;
        private final Cancellation cancellation;
        private Instant reported = Instant.MIN;

        private Context(String id, Cancellation cancellation) {
            this.id = id;
            this.cancellation = cancellation;
        }

        @Override
        public void progress(long step, long totalSteps, String message, Map<String, Double> values) {
            Instant now = clock.instant();
            if (step < totalSteps && reported != Instant.MIN && now.isBefore(reported.plus(BETWEEN_REPORTS))) {
                return;
            }
            reported = now;
            Progress progress = Progress.newBuilder()
                    .setStep(step)
                    .setTotalSteps(totalSteps)
                    .setMessage(message)
                    .putAllValues(values)
                    .build();
            M job = store.change(id, found -> JobStore.with(found, "progress", progress));
            if (JobStore.state(job) == WorkState.WORK_STATE_CANCELLING) {
                cancellation.request(cancelledProblem(kind.collection() + "/" + id));
            }
        }

        @Override
        public void checkCancelled() {
            cancellation.check();
        }

        @Override
        public void storing(Blob blob) {
            store.claim(id, blob);
        }
    }
}
