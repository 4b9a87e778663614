package dev.cloakproof.evaluator.page;

import java.util.List;

/**
 * A run as the page shows it: texts, and nothing left to decide.
 *
 * @param state in one word, which is the name of its style too
 * @param live whether it can still change
 * @param revision grows with every change
 * @param status in one sentence
 * @param failure why it failed; empty if it did not
 * @param facts whose it is, and when
 * @param notes what a reader has to know, above all else
 * @param pairs before and after purification
 * @param curve an SVG picture; empty if there is no curve
 * @param curveRows some of its points
 * @param scores null until they are there
 */
public record RunView(
        String id,
        String state,
        boolean live,
        long revision,
        String status,
        String failure,
        List<Fields.Row> facts,
        List<String> notes,
        List<StageView> stages,
        List<PairView> pairs,
        String curve,
        List<Fields.Row> curveRows,
        List<SampleGroup> samples,
        ScoresView scores,
        List<ParameterGroup> parameters) {

    /** Changes when there is more to show than before: pictures, scores, records. */
    public String parts() {
        long purified = pairs.stream().filter(pair -> pair.after() != null).count();
        return pairs.size() + "-" + purified + "-" + samples.size() + "-" + parameters.size() + "-" + (scores != null);
    }

    /**
     * A stage.
     *
     * @param step of steps; shown if steps is above 0
     * @param detail message, times
     */
    public record StageView(String name, String state, long step, long steps, String detail) {}

    /** A picture; {@code small} ones are shown pixel by pixel. */
    public record PictureView(String source, String text, int width, int height, boolean small) {}

    /** A picture before and after purification. */
    public record PairView(String name, PictureView before, PictureView after) {}

    /** Pictures drawn for one prompt. */
    public record SampleGroup(String prompt, List<SampleView> samples) {}

    /** A drawn picture. */
    public record SampleView(PictureView picture, String seed) {}

    /** Parameters of one stage, or of another kind. */
    public record ParameterGroup(String name, List<Fields.Row> rows) {}

    /**
     * The scores.
     *
     * @param interval what the intervals are
     * @param missing metrics that no set has, and why
     * @param mismatch an SVG picture; empty if there is none
     */
    public record ScoresView(
            List<String> sets,
            List<MetricRow> metrics,
            String interval,
            List<TestRow> tests,
            List<Fields.Row> missing,
            String mismatch,
            List<Fields.Row> mismatchRows) {}

    /** A metric over all sets. */
    public record MetricRow(String id, String meaning, List<Cell> cells) {}

    /** A metric of one set; without a mean it says why. */
    public record Cell(String mean, String interval, String pictures, String missing) {}

    /** Whether two sets differ. */
    public record TestRow(String metric, String sets, String probability, String pairs) {}
}
