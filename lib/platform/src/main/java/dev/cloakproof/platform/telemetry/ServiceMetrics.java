package dev.cloakproof.platform.telemetry;

import dev.cloakproof.platform.errors.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a service, all names in one place. In Prometheus dots become underscores, timers end in
 * {@code _seconds} and counters in {@code _total}. Labels have few values: never a run, a subject or a prompt.
 */
public final class ServiceMetrics {
    private final MeterRegistry registry;
    private final String service;

    /**
     * @param service {@code purifier}, {@code trainer}, {@code sampler} or {@code evaluator}: begins the names of the
     *     service's own metrics
     */
    public ServiceMetrics(MeterRegistry registry, String service) {
        this.registry = registry;
        this.service = service;
    }

    /** {@code <service>_stage_duration_seconds{stage}}: time of one part of the work, such as {@code decode}. */
    public Timer stageDuration(String stage) {
        return registry.timer(service + ".stage.duration", "stage", stage);
    }

    /** {@code <service>_step_duration_seconds}: time of one denoising or training step. */
    public Timer stepDuration() {
        return registry.timer(service + ".step.duration");
    }

    /**
     * {@code <service>_images_total{outcome,reason}}: pictures handled.
     *
     * @param failure why it failed; empty if it was handled well
     */
    public Counter images(Optional<Reason> failure) {
        return registry.counter(
                service + ".images",
                "outcome",
                failure.isPresent() ? "failed" : "done",
                "reason",
                failure.map(Reason::metricLabel).orElse("none"));
    }

    /** {@code <service>_metric_score{metric}}: distribution of scores, without a hint to whom they belong. */
    public DistributionSummary score(String metric) {
        return registry.summary(service + ".metric.score", "metric", metric);
    }

    /**
     * {@code jobs{service,state}}: jobs that are in a state now.
     *
     * @param state such as {@code queued} or {@code running}
     * @param holder kept weakly; asked at each scrape
     */
    public <T> void jobs(String state, T holder, ToDoubleFunction<T> count) {
        Gauge.builder("jobs", holder, count)
                .tag("service", service)
                .tag("state", state)
                .register(registry);
    }

    /** {@code job_queue_wait_seconds{service}}: time from arrival to the beginning of the work. */
    public void waited(Duration inQueue) {
        registry.timer("job.queue.wait", "service", service).record(inQueue);
    }

    /** {@code job_duration_seconds{service,outcome}}: time of a job from beginning to end. */
    public void finished(Duration atWork, Optional<Reason> failure) {
        registry.timer(
                        "job.duration",
                        "service",
                        service,
                        "outcome",
                        failure.map(Reason::metricLabel).orElse("done"))
                .record(atWork);
    }

    /** {@code events_consumed_total{service,type,outcome}}. */
    public Counter eventConsumed(String type, Optional<Reason> failure) {
        return registry.counter(
                "events.consumed",
                "service",
                service,
                "type",
                type,
                "outcome",
                failure.map(Reason::metricLabel).orElse("handled"));
    }

    /** {@code dead_letters_total{service,topic}}: above 0 somebody has to look. */
    public Counter deadLetter(String topic) {
        return registry.counter("dead.letters", "service", service, "topic", topic);
    }

    /** {@code model_load_duration_seconds{service,component}}. */
    public Timer modelLoad(String component) {
        return registry.timer(
                "model.load.duration", "service", service, "component", component.toLowerCase(Locale.ROOT));
    }

    /** {@code build_info{service,version}} and {@code model_info{service,pack,sha256}}: always 1. */
    public void describe(String version, String pack, String packSha256) {
        Gauge.builder("build.info", () -> 1)
                .tag("service", service)
                .tag("version", version)
                .register(registry);
        Gauge.builder("model.info", () -> 1)
                .tag("service", service)
                .tag("pack", pack)
                .tag("sha256", packSha256)
                .register(registry);
    }
}
