package dev.cloakproof.trainer.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A run as counters, gauges and timers, for whatever registry the service has. Names are Micrometer's style. */
public record TrainingMeters(Registry registry) implements TrainingListener {
    /** Where numbers go. */
    public interface Registry {
        void count(String name, double amount);

        void gauge(String name, double value);

        void time(String name, Duration duration);
    }

    @Override
    public void started(MemoryPlan plan, long step) {
        plan.bytes().forEach((part, bytes) -> registry.gauge("training.memory." + part.replace(' ', '.'), bytes));
        if (step > 0) {
            registry.count("training.resumed", 1);
        }
    }

    @Override
    public void stepped(StepReport report) {
        registry.count("training.steps", 1);
        registry.time("training.step", report.time());
        registry.gauge("training.loss", report.loss());
        registry.gauge("training.loss.instance", report.instanceLoss());
        registry.gauge("training.loss.prior", report.priorLoss());
        registry.gauge("training.gradient.norm", report.gradientNorm());
        registry.gauge("training.learning.rate", report.learningRate());
        registry.gauge("training.remaining.seconds", report.remaining().toMillis() / 1e3);
    }

    @Override
    public void checkpointed(Path folder, long step) {
        registry.count("training.checkpoints", 1);
    }

    @Override
    public void validated(long step, List<Validation.Sample> samples) {
        samples.stream()
                .mapToDouble(Validation.Sample::score)
                .filter(score -> !Double.isNaN(score))
                .average()
                .ifPresent(mean -> registry.gauge("training.validation.score", mean));
    }
}
