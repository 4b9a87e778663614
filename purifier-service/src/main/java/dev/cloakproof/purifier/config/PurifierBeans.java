package dev.cloakproof.purifier.config;

import dev.cloakproof.platform.limits.BatchLimits;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.work.LoadedPacks;
import dev.cloakproof.purifier.work.Purifications;
import dev.cloakproof.purifier.work.Purifier;
import dev.cloakproof.service.packs.Packs;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Makes plain objects of the settings. All are made at the start, so that a wrong setting stops it. */
@Dependent
class PurifierBeans {
    @Produces
    @Singleton
    LoadedPacks loaded(Packs packs) {
        return new LoadedPacks(packs);
    }

    void close(@Disposes LoadedPacks loaded) {
        loaded.close();
    }

    /** Depends on the packs, so that their networks outlive the work. */
    @Produces
    @Singleton
    Purifier purifier(LoadedPacks loaded, ServiceMetrics metrics, InstantSource clock) {
        return new Purifier(metrics, clock);
    }

    @Produces
    @Singleton
    @Startup
    Purifications purifications(PurifierConfig config, Purifier purifier, ServiceMetrics metrics, InstantSource clock) {
        return new Purifications(
                purifier,
                new BatchLimits(
                        config.queue().capacity(),
                        config.queue().batch(),
                        config.queue().batchWait()),
                config.queue().workers(),
                config.maxPictureSize().asLongValue(),
                metrics,
                clock);
    }

    void finish(@Disposes Purifications purifications) {
        purifications.close();
    }
}
