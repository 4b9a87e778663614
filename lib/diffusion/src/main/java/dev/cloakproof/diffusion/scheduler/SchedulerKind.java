package dev.cloakproof.diffusion.scheduler;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The sampling methods, each with its class of the Python library. */
public enum SchedulerKind {
    DDPM("DDPMScheduler", TimestepSpacing.LEADING, true),
    DDIM("DDIMScheduler", TimestepSpacing.LEADING, true),
    PNDM("PNDMScheduler", TimestepSpacing.LEADING, false),
    EULER("EulerDiscreteScheduler", TimestepSpacing.LINSPACE, false),
    DPM_SOLVER_PLUS_PLUS_2M("DPMSolverMultistepScheduler", TimestepSpacing.LINSPACE, false);

    private final String className;
    private final TimestepSpacing spacing;
    private final boolean clips;

    SchedulerKind(String className, TimestepSpacing spacing, boolean clips) {
        this.className = className;
        this.spacing = spacing;
        this.clips = clips;
    }

    /** The {@code _class_name} in scheduler_config.json. */
    public String className() {
        return className;
    }

    /** The spacing of a configuration that names none. */
    TimestepSpacing defaultSpacing() {
        return spacing;
    }

    /** Whether a configuration that does not say so clips the predicted original. */
    boolean defaultClip() {
        return clips;
    }

    /** Whether a configuration that does not say so ends at a signal of exactly 1. */
    boolean defaultAlphaToOne() {
        return this == DDIM;
    }

    static Optional<SchedulerKind> named(String className) {
        return Arrays.stream(values())
                .filter(kind -> kind.className.equals(className))
                .findFirst();
    }

    static String classNames() {
        return Arrays.stream(values()).map(SchedulerKind::className).collect(Collectors.joining(", "));
    }
}
