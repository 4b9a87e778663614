package dev.cloakproof.evaluator.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Scores as JSON, for machines and for the page. */
public final class ScoreDocument {
    /** Of the document of a run. */
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ScoreDocument() {}

    /**
     * One set.
     *
     * @param means of the metrics to show
     */
    public static ObjectNode of(ScoreReport report, Map<Metric, Interval> means, Map<Metric, String> missing) {
        ObjectNode document = JSON.createObjectNode();
        document.put("pictures_without_face", report.withoutFace())
                .put("pictures_with_problems", report.withProblems());
        means.forEach((metric, interval) -> document.withObject("/means")
                .putObject(metric.id())
                .put("mean", interval.mean())
                .put("low", interval.low())
                .put("high", interval.high())
                .put("count", interval.count())
                .put("better", metric.better().name()));
        missing.forEach((metric, why) -> document.withObject("/missing").put(metric.id(), why));
        for (PictureScores row : report.pictures()) {
            ObjectNode node = document.withArray("pictures").addObject().put("name", row.name());
            row.faceFound().ifPresent(found -> node.put("face_found", found));
            row.scores().forEach((metric, value) -> node.withObject("/scores").put(metric.id(), value));
            row.problems().forEach(node.withArray("problems")::add);
        }
        return document;
    }

    /** A whole run. */
    public static ObjectNode of(RunScores scores) {
        ObjectNode document = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("confidence", RunScores.CONFIDENCE)
                .put("resamples", scores.resamples())
                .put("seed", RunScores.SEED);
        for (RunScores.ScoredSet set : scores.sets()) {
            ObjectNode node = document.withArray("sets").addObject().put("name", set.name());
            node.setAll(of(set.report(), set.means(), set.missing()));
        }
        document.set("tests", tests(scores.tests()));
        scores.mismatch().ifPresent(placed -> document.set("latent_mismatch", of(placed)));
        scores.notes().forEach(document.withArray("notes")::add);
        return document;
    }

    /** Tests of two sets. */
    public static ArrayNode tests(List<RunScores.PairedTest> tests) {
        ArrayNode array = JSON.createArrayNode();
        for (RunScores.PairedTest test : tests) {
            ObjectNode node = array.addObject()
                    .put("metric", test.metric().id())
                    .put("first", test.first())
                    .put("second", test.second());
            test.result()
                    .ifPresentOrElse(
                            result -> node.put("statistic", result.statistic())
                                    .put("probability", result.probability())
                                    .put("pairs", result.pairs()),
                            () -> node.put("trouble", test.trouble()));
        }
        return array;
    }

    private static ObjectNode of(RunScores.PlacedSets placed) {
        ObjectNode document = JSON.createObjectNode().put("projection", placed.projection());
        for (RunScores.PlacedSet set : placed.sets()) {
            ObjectNode node = document.withArray("sets")
                    .addObject()
                    .put("name", set.name())
                    .put("on_persons_side", set.onPersonsSide());
            node.set("points", JSON.valueToTree(set.points()));
            node.set("person", JSON.valueToTree(set.person()));
        }
        document.set("concept", JSON.valueToTree(placed.concept()));
        document.set("noise", JSON.valueToTree(placed.noise()));
        return document;
    }
}
