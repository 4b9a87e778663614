package dev.cloakproof.service.health;

import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.service.config.KafkaConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the broker answers; says so where there is none by choice. */
@Readiness
@Singleton
class BrokerReadiness implements HealthCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final KafkaConfig config;
    private Admin admin;

    BrokerReadiness(KafkaConfig config) {
        this.config = config;
    }

    @Override
    public synchronized HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("broker");
        if (config.bootstrapServers().isEmpty()) {
            return answer.up().withData("broker", "none is set").build();
        }
        try {
            if (admin == null) {
                admin = Admin.create(new KafkaSettings(config.bootstrapServers().get(), config.properties()).admin());
            }
            String cluster = admin.describeCluster().clusterId().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return answer.up().withData("cluster", cluster).build();
        } catch (ExecutionException | TimeoutException away) {
            return answer.down().withData("problem", away.toString()).build();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return answer.down().build();
        }
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(PATIENCE);
        }
    }
}
