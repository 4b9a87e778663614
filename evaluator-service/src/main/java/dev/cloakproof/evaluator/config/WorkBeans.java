package dev.cloakproof.evaluator.config;

import dev.cloakproof.evaluator.work.Evaluations;
import dev.cloakproof.evaluator.work.PackNetworks;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Makes what scores. */
@Dependent
class WorkBeans {
    /** Depends on the networks, so that they outlive the work. */
    @Produces
    @Singleton
    Evaluations evaluations(EvaluatorConfig config, PackNetworks networks, InstantSource clock) {
        return new Evaluations(networks, config.queue().capacity(), clock);
    }

    void finish(@Disposes Evaluations evaluations) {
        evaluations.close();
    }
}
