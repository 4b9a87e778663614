package dev.cloakproof.sampler.health;

import dev.cloakproof.sampler.work.DrawingQueue;
import dev.cloakproof.service.packs.Packs;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the packs are checked, which the start waits for, and until the drain begins. */
@Readiness
@Singleton
class SamplerReadiness implements HealthCheck {
    private final Packs packs;
    private final DrawingQueue queue;

    SamplerReadiness(Packs packs, DrawingQueue queue) {
        this.packs = packs;
        this.queue = queue;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("sampler")
                .status(queue.open())
                .withData("packs", packs.all().size())
                .withData("pack", packs.standard().orElse(""))
                .withData("waiting", queue.waiting())
                .build();
    }
}
