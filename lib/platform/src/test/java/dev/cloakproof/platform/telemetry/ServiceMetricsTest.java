package dev.cloakproof.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.platform.errors.Reason;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Dashboards and alerts read these names: they are part of the contract. */
class ServiceMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServiceMetrics metrics = new ServiceMetrics(registry, "purifier");

    @Test
    void namesAndLabelsInPrometheusAreTheDocumentedOnes() {
        List<Integer> queue = List.of(1, 2, 3);
        metrics.stageDuration("decode").record(Duration.ofSeconds(2));
        metrics.stepDuration().record(Duration.ofSeconds(1));
        metrics.images(Optional.empty()).increment();
        metrics.images(Optional.of(Reason.PICTURE_INVALID)).increment(2);
        metrics.score("liqe").record(4.5);
        metrics.jobs("queued", queue, List::size);
        metrics.waited(Duration.ofSeconds(3));
        metrics.finished(Duration.ofSeconds(4), Optional.of(Reason.MEMORY_EXHAUSTED));
        metrics.eventConsumed("upload.received", Optional.empty()).increment();
        metrics.deadLetter("upload.received").increment();
        metrics.modelLoad("UNet").record(Duration.ofSeconds(5));
        metrics.describe("0.1.0", "mini", "abc");

        assertThat(registry.scrape().lines().filter(line -> !line.startsWith("#")))
                .contains(
                        "purifier_stage_duration_seconds_sum{stage=\"decode\"} 2.0",
                        "purifier_step_duration_seconds_sum 1.0",
                        "purifier_images_total{outcome=\"done\",reason=\"none\"} 1.0",
                        "purifier_images_total{outcome=\"failed\",reason=\"picture_invalid\"} 2.0",
                        "purifier_metric_score_sum{metric=\"liqe\"} 4.5",
                        "jobs{service=\"purifier\",state=\"queued\"} 3.0",
                        "job_queue_wait_seconds_sum{service=\"purifier\"} 3.0",
                        "job_duration_seconds_sum{outcome=\"memory_exhausted\",service=\"purifier\"} 4.0",
                        "events_consumed_total{outcome=\"handled\",service=\"purifier\",type=\"upload.received\"} 1.0",
                        "dead_letters_total{service=\"purifier\",topic=\"upload.received\"} 1.0",
                        "model_load_duration_seconds_sum{component=\"unet\",service=\"purifier\"} 5.0",
                        "build_info{service=\"purifier\",version=\"0.1.0\"} 1",
                        "model_info{pack=\"mini\",service=\"purifier\",sha256=\"abc\"} 1");
    }
}
