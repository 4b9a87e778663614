package dev.cloakproof.platform.security;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long personal things are kept. Every kind has an end: there is no "for ever".
 *
 * @param periods time from creation to deletion for each kind
 */
public record Retention(Map<Kind, Duration> periods) {
    /** What is kept. */
    public enum Kind {
        /** Uploaded and purified pictures. */
        PICTURE,
        /** Personalised models and their checkpoints. */
        MODEL,
        /** Drawn pictures. */
        SAMPLE,
        /** Reports and scores. */
        REPORT
    }

    public static final Duration LONGEST = Duration.ofDays(3650);

    /** Pictures and samples 30 days, models 7, reports a year. */
    public static final Retention STANDARD = new Retention(Map.of(
            Kind.PICTURE, Duration.ofDays(30),
            Kind.MODEL, Duration.ofDays(7),
            Kind.SAMPLE, Duration.ofDays(30),
            Kind.REPORT, Duration.ofDays(365)));

    public Retention {
        periods = new EnumMap<>(periods);
        for (Kind kind : Kind.values()) {
            Duration period = periods.get(kind);
            if (period == null || !period.isPositive() || period.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "expected a period up to " + LONGEST.toDays() + " days for " + kind + ", found " + period);
            }
        }
    }

    /** The longest of the periods: after it nothing of a run is left. */
    public Duration longest() {
        return periods.values().stream().max(Duration::compareTo).orElseThrow();
    }

    /** When something is deleted that was created then. */
    public Instant expiry(Kind kind, Instant created) {
        return created.plus(periods.get(kind));
    }

    public boolean expired(Kind kind, Instant created, Instant now) {
        return !now.isBefore(expiry(kind, created));
    }
}
