package dev.cloakproof.evaluator.evaluate;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The scores of a set of pictures. */
public record ScoreReport(List<PictureScores> pictures) {
    public ScoreReport {
        pictures = List.copyOf(pictures);
    }

    /** The values of a metric, of those pictures that have one, in order. */
    public double[] values(Metric metric) {
        return pictures.stream()
                .map(row -> row.scores().get(metric))
                .filter(value -> value != null)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** Of every metric that any picture has. */
    public Map<Metric, Interval> means(double confidence, int draws, long seed) {
        Map<Metric, Interval> means = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            double[] values = values(metric);
            if (values.length > 0) {
                means.put(metric, Bootstrap.mean(values, confidence, draws, seed));
            }
        }
        return means;
    }

    /** Pictures in which a face was looked for and none was found. */
    public long withoutFace() {
        return pictures.stream()
                .filter(row -> row.faceFound().isPresent() && !row.faceFound().get())
                .count();
    }

    /** Pictures that lack scores. */
    public long withProblems() {
        return pictures.stream().filter(row -> !row.problems().isEmpty()).count();
    }

    /** One line a picture, one column a metric; empty where there is no score. Names are quoted. */
    public String toCsv() {
        List<Metric> metrics = means(0.95, 1, 0).keySet().stream().toList();
        var csv = new StringBuilder("name,face_found,");
        csv.append(metrics.stream().map(metric -> metric.id() + ",").collect(Collectors.joining()));
        csv.append("problems\n");
        for (PictureScores row : pictures) {
            csv.append(quoted(row.name())).append(',');
            csv.append(row.faceFound().map(String::valueOf).orElse("")).append(',');
            for (Metric metric : metrics) {
                Double value = row.scores().get(metric);
                csv.append(value == null ? "" : String.format(Locale.ROOT, "%.6f", value))
                        .append(',');
            }
            csv.append(quoted(String.join("; ", row.problems()))).append('\n');
        }
        return csv.toString();
    }

    /** Text that a spreadsheet takes for text, even where it begins like a formula. */
    private static String quoted(String text) {
        String safe = text.matches("(?s)[=+\\-@\t\r].*") ? "'" + text : text;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }
}
