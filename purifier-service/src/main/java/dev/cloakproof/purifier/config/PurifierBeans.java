package dev.cloakproof.purifier.config;

import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.purify.PurifierPack;
import dev.cloakproof.purifier.work.MethodTable;
import dev.cloakproof.purifier.work.PackInfo;
import dev.cloakproof.purifier.work.Purifications;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes plain objects of the settings. All are made at the start, so that a wrong setting stops it. */
@Dependent
class PurifierBeans {
    @Produces
    @Singleton
    PackInfo packInfo(PurifierConfig config) throws IOException {
        Device device = Device.of(config.device());
        if (config.pack().isEmpty()) {
            return PackInfo.none(device, config.dtype());
        }
        ModelPack pack = ModelPack.open(config.pack().get());
        String sha256 = ModelPack.sha256(config.pack().get().resolve(ModelPack.MANIFEST));
        return new PackInfo(pack, sha256, device, config.dtype());
    }

    @Produces
    @Singleton
    PurifierPack pack(PackInfo info) {
        return new PurifierPack(info.pack().orElse(null), new Placement(info.dtype(), info.device(), false));
    }

    void close(@Disposes PurifierPack pack) {
        pack.close();
    }

    @Produces
    @Singleton
    MethodTable methods(PurifierPack pack) {
        return new MethodTable(pack.catalogue());
    }

    @Produces
    @Singleton
    ServiceMetrics metrics(
            MeterRegistry registry,
            PackInfo pack,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        var metrics = new ServiceMetrics(registry, "purifier");
        metrics.describe(version, pack.name(), pack.sha256());
        return metrics;
    }

    /** Depends on the pack, so that its networks outlive the work. */
    @Produces
    @Singleton
    @Startup
    Purifications purifications(PurifierConfig config, PurifierPack pack, ServiceMetrics metrics) {
        return new Purifications(
                config.queue().capacity(), config.maxPictureSize().asLongValue(), metrics, InstantSource.system());
    }

    void finish(@Disposes Purifications purifications) {
        purifications.close();
    }
}
