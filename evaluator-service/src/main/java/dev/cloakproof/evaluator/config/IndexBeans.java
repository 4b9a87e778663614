package dev.cloakproof.evaluator.config;

import dev.cloakproof.evaluator.index.Database;
import dev.cloakproof.evaluator.index.Deletions;
import dev.cloakproof.evaluator.index.IndexHandler;
import dev.cloakproof.evaluator.index.ModelFiles;
import dev.cloakproof.evaluator.index.Rebuild;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.evaluator.index.RunWatches;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.service.events.EventSubscription;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import javax.sql.DataSource;

/** Makes the index's plain objects. */
@Dependent
class IndexBeans {
    @Produces
    @Singleton
    Database database(DataSource source) {
        return new Database(source);
    }

    @Produces
    @Singleton
    RunIndex index(Database database, ModelFiles models) {
        return new RunIndex(database, models);
    }

    @Produces
    @Singleton
    Deletions deletions(
            Database database,
            ObjectStore objects,
            BlobStore blobs,
            ModelFiles models,
            Leases leases,
            InstantSource clock) {
        return new Deletions(database, objects, blobs, models, leases, clock);
    }

    @Produces
    @Singleton
    IndexHandler handler(RunIndex index, Deletions deletions) {
        return new IndexHandler(index, deletions);
    }

    @Produces
    @Singleton
    Rebuild rebuild(Database database, ObjectStore objects, IndexHandler handler) {
        return new Rebuild(database, objects, handler);
    }

    @Produces
    @Singleton
    RunWatches watches(RunIndex index, EvaluatorConfig config) {
        return new RunWatches(index, config.index().watchInterval());
    }

    void close(@Disposes RunWatches watches) {
        watches.close();
    }

    @Produces
    @Singleton
    Retention retention(EvaluatorConfig config) {
        return config.retention().policy();
    }

    /** The index hears everything about runs, and what others let go of. */
    @Produces
    @Singleton
    EventSubscription subscription(IndexHandler handler) {
        return new EventSubscription("evaluator-index", IndexHandler.HEARD, handler);
    }
}
