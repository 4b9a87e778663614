package dev.cloakproof.purifier.health;

import dev.cloakproof.purifier.work.LoadedPack;
import dev.cloakproof.purifier.work.LoadedPacks;
import dev.cloakproof.purifier.work.Purifications;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the packs are loaded, which the start waits for, and until the drain begins. */
@Readiness
@Singleton
class PurifierReadiness implements HealthCheck {
    private final LoadedPacks packs;
    private final Purifications purifications;

    PurifierReadiness(LoadedPacks packs, Purifications purifications) {
        this.packs = packs;
        this.purifications = purifications;
    }

    @Override
    public HealthCheckResponse call() {
        LoadedPack standard = packs.find("");
        return HealthCheckResponse.named("purifier")
                .status(purifications.open())
                .withData("methods", standard.methods().methods().size())
                .withData("pack", standard.name())
                .withData("waiting", purifications.waiting())
                .build();
    }
}
