package dev.cloakproof.evaluator.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.mismatch.ScatterPlot;
import dev.cloakproof.evaluator.page.RunView.Cell;
import dev.cloakproof.evaluator.page.RunView.MetricRow;
import dev.cloakproof.evaluator.page.RunView.ScoresView;
import dev.cloakproof.evaluator.page.RunView.TestRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The document of a run's scores as the page shows it. */
final class ScoreViews {
    private static final String TROUBLE = "these pictures could not be scored";

    private ScoreViews() {}

    static ScoresView of(JsonNode document) {
        List<JsonNode> sets = list(document.path("sets"));
        List<MetricRow> rows = new ArrayList<>();
        List<Fields.Row> missing = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            if (sets.stream().anyMatch(set -> set.path("means").has(metric.id()))) {
                String end = metric.better() == Metric.Direction.HIGHER ? "higher" : "lower";
                rows.add(new MetricRow(
                        metric.id(),
                        metric.meaning() + ", " + end + " is better",
                        sets.stream().map(set -> cell(set, metric)).toList()));
            } else {
                missing.add(new Fields.Row(metric.id(), why(sets, metric)));
            }
        }
        int resamples = document.path("resamples").asInt();
        return new ScoresView(
                sets.stream().map(set -> set.path("name").asText()).toList(),
                rows,
                resamples == 0
                        ? "Means over the pictures of a set; no intervals were asked for."
                        : "Means over the pictures of a set, with the 95 % interval of " + resamples
                                + " bootstrap resamples.",
                list(document.path("tests")).stream().map(ScoreViews::test).toList(),
                missing,
                plot(document.path("latent_mismatch")),
                list(document.path("latent_mismatch").path("sets")).stream()
                        .map(set -> new Fields.Row(
                                set.path("name").asText(),
                                Texts.percent(set.path("on_persons_side").asDouble())))
                        .toList());
    }

    static List<String> notes(JsonNode document) {
        List<String> notes = new ArrayList<>(
                list(document.path("notes")).stream().map(JsonNode::asText).toList());
        for (JsonNode set : document.path("sets")) {
            long problems = set.path("pictures_with_problems").asLong();
            if (problems > 0) {
                notes.add("Of the set " + set.path("name").asText() + ", " + problems + " of "
                        + set.path("pictures").size() + " pictures could not be scored in full: "
                        + set.path("pictures").findValues("problems").stream()
                                .flatMap(JsonNode::valueStream)
                                .map(JsonNode::asText)
                                .distinct()
                                .limit(3)
                                .collect(Collectors.joining("; "))
                        + ".");
            }
        }
        return notes;
    }

    /** Every set may lack it for another reason; that it does not apply to a set is the least telling one. */
    private static String why(List<JsonNode> sets, Metric metric) {
        List<String> reasons = sets.reversed().stream()
                .map(set -> set.path("missing").path(metric.id()).asText(TROUBLE))
                .toList();
        return reasons.stream()
                .filter(reason -> !reason.startsWith("there is nothing that"))
                .findFirst()
                .orElse(reasons.getFirst());
    }

    private static Cell cell(JsonNode set, Metric metric) {
        JsonNode mean = set.path("means").path(metric.id());
        if (mean.isMissingNode()) {
            return new Cell("", "", "", set.path("missing").path(metric.id()).asText(TROUBLE));
        }
        double low = mean.path("low").asDouble();
        double high = mean.path("high").asDouble();
        int count = mean.path("count").asInt();
        return new Cell(
                Texts.number(mean.path("mean").asDouble()),
                low < high ? Texts.number(low) + " to " + Texts.number(high) : "",
                count + (count == 1 ? " picture" : " pictures"),
                "");
    }

    private static TestRow test(JsonNode test) {
        boolean told = test.has("probability");
        return new TestRow(
                test.path("metric").asText(),
                test.path("first").asText() + " and " + test.path("second").asText(),
                told
                        ? Texts.probability(test.path("probability").asDouble())
                        : test.path("trouble").asText(),
                told ? test.path("pairs").asText() : "");
    }

    private static String plot(JsonNode mismatch) {
        if (mismatch.path("sets").isEmpty()) {
            return "";
        }
        var plot = new ScatterPlot("Pictures and sentences in CLIP's space, brought to the plane by "
                + mismatch.path("projection").asText());
        mismatch.path("sets").forEach(set -> plot.add(set.path("name").asText(), points(set.path("points"))));
        plot.add("sentences on a person", points(mismatch.path("concept")));
        plot.add("sentences on noise", points(mismatch.path("noise")));
        return plot.toSvg();
    }

    private static double[][] points(JsonNode rows) {
        double[][] points = new double[rows.size()][];
        for (int i = 0; i < points.length; i++) {
            points[i] = new double[] {
                rows.get(i).get(0).asDouble(), rows.get(i).get(1).asDouble()
            };
        }
        return points;
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> nodes = new ArrayList<>();
        array.forEach(nodes::add);
        return nodes;
    }
}
