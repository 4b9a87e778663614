package dev.cloakproof.trainer.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What can be set of the trainer alone. */
@ConfigMapping(prefix = "cloakproof.trainer")
public interface TrainerConfig {
    /**
     * Memory that a training may use; one that needs more is refused with MEMORY_EXHAUSTED before it begins. Absent: the
     * machine's memory without this process's heap on a CPU, no limit on a GPU.
     */
    Optional<MemorySize> memory();

    /** Trainings and protections of calls that may wait, of each 1 or more; the next one is refused with QUEUE_FULL. */
    @WithDefault("16")
    int capacity();

    /** Checkpoints of work that nobody went on with are deleted after so long: they are personal. */
    @WithDefault("7d")
    Duration abandoned();
}
