package dev.cloakproof.service.health;

import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.CloakproofException;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the store answers. */
@Readiness
@Singleton
class StoreReadiness implements HealthCheck {
    private static final ObjectKey ANY = ObjectKey.of("health");

    private final ObjectStore objects;

    StoreReadiness(ObjectStore objects) {
        this.objects = objects;
    }

    @Override
    public HealthCheckResponse call() {
        try {
            objects.get(ANY);
            return HealthCheckResponse.up("store");
        } catch (CloakproofException away) {
            return HealthCheckResponse.named("store")
                    .down()
                    .withData("problem", away.getMessage())
                    .build();
        }
    }
}
