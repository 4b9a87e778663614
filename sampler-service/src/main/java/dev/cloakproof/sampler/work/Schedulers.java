package dev.cloakproof.sampler.work;

import dev.cloakproof.diffusion.scheduler.SchedulerKind;
import java.util.Map;
import java.util.TreeSet;

/** Schedulers by the names that requests use. */
final class Schedulers {
    private static final Map<String, SchedulerKind> BY_NAME = Map.of(
            "ddpm", SchedulerKind.DDPM,
            "ddim", SchedulerKind.DDIM,
            "pndm", SchedulerKind.PNDM,
            "euler", SchedulerKind.EULER,
            "dpm-solver", SchedulerKind.DPM_SOLVER_PLUS_PLUS_2M);

    private Schedulers() {}

    /** Null if there is none. */
    static SchedulerKind of(String name) {
        return BY_NAME.get(name);
    }

    static String name(SchedulerKind kind) {
        return BY_NAME.entrySet().stream()
                .filter(entry -> entry.getValue() == kind)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    static Iterable<String> names() {
        return new TreeSet<>(BY_NAME.keySet());
    }
}
