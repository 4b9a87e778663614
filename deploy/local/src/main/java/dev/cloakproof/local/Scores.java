package dev.cloakproof.local;

import dev.cloakproof.v1.MetricSummary;
import dev.cloakproof.v1.Run;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tables of scores. */
final class Scores {
    private Scores() {}

    /** The sets of a run, a line each. */
    static void print(Run run, PrintWriter out) {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (MetricSummary score : run.getScoresList()) {
            rows.computeIfAbsent(score.getSet(), _ -> new LinkedHashMap<>()).put(score.getMetric(), cell(score));
        }
        print(rows, out);
    }

    private static String cell(MetricSummary score) {
        return score.hasIntervalLow()
                ? "%.3f (%.3f..%.3f)".formatted(score.getMean(), score.getIntervalLow(), score.getIntervalHigh())
                : "%.3f".formatted(score.getMean());
    }

    /** The drawn pictures of several runs, a line each. */
    static void compare(Map<String, Run> runs, String set, PrintWriter out) {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        runs.forEach((title, run) -> {
            Map<String, String> row = new LinkedHashMap<>();
            run.getScoresList().stream()
                    .filter(score -> score.getSet().equals(set))
                    .forEach(score -> row.put(score.getMetric(), cell(score)));
            rows.put(title, row);
        });
        print(rows, out);
    }

    private static void print(Map<String, Map<String, String>> rows, PrintWriter out) {
        Set<String> metrics = new TreeSet<>();
        rows.values().forEach(row -> metrics.addAll(row.keySet()));
        if (metrics.isEmpty()) {
            out.println("no scores");
            return;
        }
        List<String> columns = List.copyOf(metrics);
        out.printf("%-24s", "");
        columns.forEach(column -> out.printf(" %24s", column));
        out.println();
        rows.forEach((title, row) -> {
            out.printf("%-24s", title);
            columns.forEach(column -> out.printf(" %24s", row.getOrDefault(column, "-")));
            out.println();
        });
        out.flush();
    }
}
