package dev.cloakproof.bench.effect;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.evaluator.evaluate.Bootstrap;
import dev.cloakproof.evaluator.evaluate.Interval;
import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.ScoreReport;
import dev.cloakproof.tensor.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The scores of finished cells, one file a cell, and the table that they make. */
final class Results {
    private static final List<Metric> SHOWN =
            List.of(Metric.IMS, Metric.IMS_IP, Metric.IMS_VGG, Metric.Q, Metric.LIQE, Metric.CLIP_IQAC);
    private static final double CONFIDENCE = 0.95;
    private static final int DRAWS = 2000;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path home;

    Results(Path home) {
        this.home = home;
    }

    boolean has(Cell cell) {
        return Files.exists(file(cell));
    }

    void put(Cell cell, ScoreReport report) throws IOException {
        Map<String, Object> found = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            double[] values = report.values(metric);
            if (values.length > 0) {
                found.put(metric.id(), values);
            }
        }
        found.put("without_face", new double[] {report.withoutFace()});
        found.put("pictures", new double[] {report.pictures().size()});
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(found));
        AtomicFile.write(file(cell), channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private Map<String, double[]> get(Cell cell) throws IOException {
        return JSON.readValue(Files.readAllBytes(file(cell)), new TypeReference<>() {});
    }

    private Path file(Cell cell) {
        return home.resolve(cell.key()).resolve("scores.json");
    }

    /** A table in Markdown: means over all people's samples with 95 % intervals (bootstrap over samples). */
    String table(List<Cell> cells) throws IOException {
        Map<String, List<Cell>> rows = new LinkedHashMap<>();
        for (Cell cell : cells) {
            if (has(cell)) {
                String budget = cell.budget() > 0 ? String.format(Locale.ROOT, "%.0f/255", cell.budget()) : "";
                rows.computeIfAbsent("| " + cell.condition().label() + " | " + budget + " ", _ -> new ArrayList<>())
                        .add(cell);
            }
        }
        var table = new StringBuilder("| trained on | budget | people |");
        SHOWN.forEach(metric -> table.append(' ').append(metric.id()).append(" |"));
        table.append(" without a face |\n|---|---|---|")
                .append("---|".repeat(SHOWN.size() + 1))
                .append('\n');
        for (Map.Entry<String, List<Cell>> row : rows.entrySet()) {
            table.append(row.getKey())
                    .append("| ")
                    .append(row.getValue().size())
                    .append(" |");
            Map<String, List<Double>> values = values(row.getValue());
            for (Metric metric : SHOWN) {
                table.append(' ')
                        .append(shown(values.getOrDefault(metric.id(), List.of())))
                        .append(" |");
            }
            double without = sum(values.get("without_face"));
            double all = sum(values.get("pictures"));
            table.append(String.format(Locale.ROOT, " %.0f of %.0f |%n", without, all));
        }
        return table.toString();
    }

    private Map<String, List<Double>> values(List<Cell> cells) throws IOException {
        Map<String, List<Double>> values = new TreeMap<>();
        for (Cell cell : cells) {
            get(cell).forEach((metric, some) -> {
                List<Double> all = values.computeIfAbsent(metric, _ -> new ArrayList<>());
                for (double value : some) {
                    all.add(value);
                }
            });
        }
        return values;
    }

    private static String shown(List<Double> values) {
        if (values.isEmpty()) {
            return "";
        }
        double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
        Interval interval = Bootstrap.mean(all, CONFIDENCE, DRAWS, 1);
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", interval.mean(), interval.low(), interval.high());
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
