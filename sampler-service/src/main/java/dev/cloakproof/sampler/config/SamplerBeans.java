package dev.cloakproof.sampler.config;

import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.sampler.work.DrawingQueue;
import dev.cloakproof.sampler.work.Drawings;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.tensor.ConvolutionCheck;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Makes plain objects of the settings. All are made at the start, so that a wrong setting stops it. */
@Dependent
class SamplerBeans {
    @Produces
    @Singleton
    Drawings drawings(Packs packs, StoredModels models, ServiceMetrics metrics) {
        if (!packs.all().isEmpty()) {
            // A libtorch with wrong convolutions must not draw a single picture.
            ConvolutionCheck.require(packs.device());
        }
        models.sweep();
        return new Drawings(packs, models, metrics);
    }

    @Produces
    @Singleton
    @Startup
    DrawingQueue queue(Drawings drawings, SamplerConfig config, ServiceMetrics metrics, InstantSource clock) {
        return new DrawingQueue(drawings, config.queue().capacity(), metrics, clock);
    }

    void finish(@Disposes DrawingQueue queue) {
        queue.close();
    }
}
