package dev.cloakproof.service.health;

import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the packs were checked, which the start waits for; says which there are and which are damaged. */
@Readiness
@Singleton
class PacksReadiness implements HealthCheck {
    private final Packs packs;

    PacksReadiness(Packs packs) {
        this.packs = packs;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("packs")
                .up()
                .withData("packs", packs.all().stream().map(ServicePack::name).collect(Collectors.joining(" ")))
                .withData("default", packs.standard().orElse(""))
                .withData("damaged", String.join(" ", packs.damaged().keySet()))
                .build();
    }
}
