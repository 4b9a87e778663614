package dev.cloakproof.bench.serve;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How the service says that its calls of Purify ended.
 *
 * @param byStatus calls by gRPC status
 */
record ServerCounts(Map<String, Integer> byStatus) {
    private static final Pattern ENDED = Pattern.compile(
            "grpc_server_processing_duration_seconds_count\\{(?=[^}]*method=\"Purify\")[^}]*statusCode=\"(\\w+)\"[^}]*} ([0-9.E]+)");
    private static final Pattern JOBS = Pattern.compile("jobs\\{[^}]*state=\"(?:queued|running)\"[^}]*} ([0-9.E]+)");
    private static final int PATIENCE_SECONDS = 60;

    /** Waits until nothing waits and nothing is at work: a call that its client gave up ends a moment later here. */
    static ServerCounts whenIdle(ServerProcess server) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (System.nanoTime() < end) {
            String metrics = server.metrics();
            if (JOBS.matcher(metrics).results().allMatch(jobs -> number(jobs, 1) == 0)) {
                return of(metrics);
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the service was not idle " + PATIENCE_SECONDS + " s after the last call");
    }

    /** @param metrics in Prometheus's text */
    static ServerCounts of(String metrics) {
        Map<String, Integer> byStatus = new TreeMap<>();
        ENDED.matcher(metrics)
                .results()
                .forEach(ended -> byStatus.merge(ended.group(1), number(ended, 2), Integer::sum));
        return new ServerCounts(byStatus);
    }

    private static int number(MatchResult found, int group) {
        return (int) Math.rint(Double.parseDouble(found.group(group)));
    }

    int ended() {
        return byStatus.values().stream().mapToInt(Integer::intValue).sum();
    }

    int answered() {
        return byStatus.getOrDefault("OK", 0);
    }

    @Override
    public String toString() {
        return ended() + " calls ended: " + byStatus;
    }
}
