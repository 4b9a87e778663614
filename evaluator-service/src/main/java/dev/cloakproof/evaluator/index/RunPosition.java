package dev.cloakproof.evaluator.index;

import java.time.Instant;

/** Where a page of runs ended. */
public record RunPosition(Instant createTime, String id) {}
