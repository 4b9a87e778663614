package dev.cloakproof.purifier.health;

import dev.cloakproof.purifier.work.MethodTable;
import dev.cloakproof.purifier.work.PackInfo;
import dev.cloakproof.purifier.work.Purifications;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the pack is loaded, which the start waits for, and until the drain begins; says what can be asked for. */
@Readiness
@Singleton
class PurifierReadiness implements HealthCheck {
    private final MethodTable methods;
    private final PackInfo pack;
    private final Purifications purifications;

    PurifierReadiness(MethodTable methods, PackInfo pack, Purifications purifications) {
        this.methods = methods;
        this.pack = pack;
        this.purifications = purifications;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("purifier")
                .status(purifications.open())
                .withData("methods", methods.methods().size())
                .withData("pack", pack.name())
                .withData("pack_sha256", pack.sha256())
                .withData("waiting", purifications.waiting())
                .build();
    }
}
