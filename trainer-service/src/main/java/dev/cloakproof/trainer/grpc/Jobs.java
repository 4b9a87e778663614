package dev.cloakproof.trainer.grpc;

import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.lease.LeaseKeeper;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.service.events.Releases;
import dev.cloakproof.service.events.SubjectKeeper;
import dev.cloakproof.service.platform.Audit;
import dev.cloakproof.trainer.config.TrainerConfig;
import dev.cloakproof.trainer.jobs.JobKind;
import dev.cloakproof.trainer.jobs.JobStore;
import dev.cloakproof.trainer.jobs.JobWorker;
import dev.cloakproof.v1.Protection;
import dev.cloakproof.v1.Training;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The jobs of this service: what both endpoints do alike, the workers as long as the service runs, and what becomes of
 * jobs whose subject is deleted.
 */
@Startup
@Singleton
class Jobs implements SubjectKeeper {
    private final ObjectStore objects;
    private final Leases leases;
    private final LeaseKeeper keeper;
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private final Audit audit;
    private final TrainerConfig config;
    private final Releases releases;
    private final Line<Training> trainings;
    private final Line<Protection> protections;

    Jobs(
            ObjectStore objects,
            Leases leases,
            LeaseKeeper keeper,
            ServiceMetrics metrics,
            InstantSource clock,
            Audit audit,
            TrainerConfig config,
            Releases releases,
            TrainingJobs trainings,
            ProtectionJobs protections) {
        this.objects = objects;
        this.leases = leases;
        this.keeper = keeper;
        this.metrics = metrics;
        this.clock = clock;
        this.audit = audit;
        this.config = config;
        this.releases = releases;
        this.trainings = new Line<>(trainings);
        this.protections = new Line<>(protections);
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent stopping) {
        trainings.worker.close();
        protections.worker.close();
    }

    @Override
    public void forget(String subjectSha256, Instant until) {
        List<String> going = Stream.concat(
                        trainings.forget(subjectSha256, until).stream(),
                        protections.forget(subjectSha256, until).stream())
                .toList();
        if (!going.isEmpty()) {
            throw Reason.WORK_TAKEN
                    .problem("jobs of a deleted subject have not stopped yet: " + going)
                    .exception();
        }
    }

    Line<Training> trainings() {
        return trainings;
    }

    Line<Protection> protections() {
        return protections;
    }

    /** Jobs of one kind, and their worker. */
    final class Line<M extends Message> {
        private final JobKind<M> kind;
        private final JobStore<M> store;
        private final JobWorker<M> worker;

        private Line(JobKind<M> kind) {
            this.kind = kind;
            this.store = new JobStore<>(kind, objects, clock, config.capacity());
            this.worker = new JobWorker<>(kind, store, leases, keeper, metrics, clock);
        }

        JobStore<M> store() {
            return store;
        }

        M create(M asked, String subject, String requestId, boolean validateOnly, Caller caller) {
            M checked = kind.checked(asked);
            if (validateOnly) {
                return checked;
            }
            audit.note(caller, "create-" + kind.collection(), "subjects/" + subject, Map.of());
            M job = store.create(checked, requestId, caller);
            worker.wake();
            return job;
        }

        private List<String> forget(String subjectSha256, Instant until) {
            List<String> going = store.forget(subjectSha256, until, folder -> releases.release(subjectSha256, folder));
            going.forEach(worker::cancelled);
            return going;
        }

        M cancel(String name, Caller caller) {
            audit.note(caller, "cancel-" + kind.collection(), name, Map.of());
            M job = store.cancel(name);
            worker.cancelled(name);
            return job;
        }
    }
}
