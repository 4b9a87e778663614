package dev.cloakproof.service.platform;

import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.S3ObjectStore;
import dev.cloakproof.platform.blob.S3Settings;
import dev.cloakproof.platform.events.Cancellations;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.RetryPolicy;
import dev.cloakproof.platform.events.StageRunner;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.platform.lease.LeaseKeeper;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.security.AuditLog;
import dev.cloakproof.platform.security.Authorizations;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.service.config.SecurityConfig;
import dev.cloakproof.service.config.StoreConfig;
import dev.cloakproof.service.config.WorkConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Makes the platform's objects. */
@Dependent
class PlatformBeans {
    @ConfigProperty(name = "quarkus.application.name")
    String service;

    @Produces
    @Singleton
    @DefaultBean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    ObjectStore objects(StoreConfig config) {
        if (config.folder().isPresent() == config.s3().bucket().isPresent()) {
            throw new IllegalArgumentException(
                    "expected either cloakproof.store.folder or cloakproof.store.s3.bucket, found both or neither");
        }
        if (config.folder().isPresent()) {
            return new FileObjectStore(config.folder().get());
        }
        StoreConfig.S3 s3 = config.s3();
        // Closed with the process.
        var settings = new S3Settings(
                s3.endpoint(), s3.region(), DefaultCredentialsProvider.builder().build());
        return new S3ObjectStore(settings.connect(), s3.bucket().get());
    }

    @Produces
    @Singleton
    BlobStore blobs(ObjectStore objects) {
        return new BlobStore(objects);
    }

    @Produces
    @Singleton
    Tombstones tombstones(ObjectStore objects) {
        return new Tombstones(objects);
    }

    @Produces
    @Singleton
    Leases leases(ObjectStore objects, InstantSource clock, WorkConfig config) {
        return new Leases(objects, clock, service + "-" + UUID.randomUUID(), config.lease());
    }

    @Produces
    @Singleton
    LeaseKeeper keeper(ScheduledExecutorService scheduler, WorkConfig config) {
        return new LeaseKeeper(scheduler, config.lease());
    }

    @Produces
    @Singleton
    Cancellations cancellations(ObjectStore objects) {
        return new Cancellations(objects);
    }

    @Produces
    @Singleton
    RetryPolicy retries(WorkConfig config) {
        return new RetryPolicy(config.attempts(), config.firstDelay(), config.longestDelay());
    }

    @Produces
    @Singleton
    StageRunner.Surroundings surroundings(
            ObjectStore objects,
            Leases leases,
            LeaseKeeper keeper,
            Cancellations cancellations,
            EventPublisher publisher,
            InstantSource clock) {
        return new StageRunner.Surroundings("/" + service, objects, leases, keeper, cancellations, publisher, clock);
    }

    @Produces
    @Singleton
    Authorizations authorizations(InstantSource clock) {
        return new Authorizations(clock);
    }

    @Produces
    @Singleton
    ServiceMetrics metrics(MeterRegistry registry) {
        return new ServiceMetrics(registry, service);
    }

    /** One process writes a log: each service its own. */
    @Produces
    @Singleton
    AuditLog auditLog(SecurityConfig security, StoreConfig store, InstantSource clock) throws IOException {
        Path folder = security.audit()
                .or(() -> store.folder().map(root -> root.resolve("audit")))
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected cloakproof.security.audit, a folder for the audit log, where the store is not one on"
                                + " files"));
        Files.createDirectories(folder);
        return AuditLog.open(folder.resolve(service + ".jsonl"), clock);
    }

    void close(@Disposes AuditLog log) throws IOException {
        log.close();
    }
}
