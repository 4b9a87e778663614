package dev.cloakproof.evaluator.index;

import dev.cloakproof.v1.WorkState;
import java.util.Optional;

/**
 * Which runs are asked for.
 *
 * @param subject whose; empty for all
 * @param state in which state; empty for any
 */
public record RunFilter(Optional<String> subject, Optional<WorkState> state) {
    public static final RunFilter ALL = new RunFilter(Optional.empty(), Optional.empty());
}
