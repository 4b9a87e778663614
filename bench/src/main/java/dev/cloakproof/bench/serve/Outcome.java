package dev.cloakproof.bench.serve;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What became of many calls.
 *
 * @param nanos of each call that was answered, ascending
 * @param failures calls that were not, by status and deadline
 * @param seconds from the first call's begin to the last one's end
 */
record Outcome(long[] nanos, Map<String, Integer> failures, double seconds) {
    Outcome {
        nanos = LongStream.of(nanos).sorted().toArray();
        failures = Map.copyOf(failures);
    }

    int answered() {
        return nanos.length;
    }

    int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    double callsPerSecond() {
        return answered() / seconds;
    }

    /** Milliseconds that a share of the answered calls took at most; not a number if none was answered. */
    double millis(double share) {
        if (nanos.length == 0) {
            return Double.NaN;
        }
        return nanos[Math.clamp((long) Math.ceil(share * nanos.length) - 1, 0, nanos.length - 1)] / 1e6;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Outcome that
                && Arrays.equals(nanos, that.nanos)
                && failures.equals(that.failures)
                && seconds == that.seconds;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nanos);
    }
}
