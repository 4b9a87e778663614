package dev.cloakproof.evaluator.evaluate.mismatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Points of several kinds as an SVG picture. */
public final class ScatterPlot {
    private static final int SIZE = 480;
    private static final int MARGIN = 24;
    private static final List<String> COLOURS =
            List.of("#1b6ca8", "#c8452c", "#3a8c4f", "#7b4fa3", "#b8860b", "#444444");

    private record Series(String name, double[][] points) {}

    private final String title;
    private final List<Series> series = new ArrayList<>();

    public ScatterPlot(String title) {
        this.title = title;
    }

    /** @param points (points, 2) */
    public ScatterPlot add(String name, double[][] points) {
        series.add(new Series(name, points));
        return this;
    }

    public String toSvg() {
        double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (Series one : series) {
            for (double[] point : one.points()) {
                for (int d = 0; d < 2; d++) {
                    least[d] = Math.min(least[d], point[d]);
                    most[d] = Math.max(most[d], point[d]);
                }
            }
        }
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<title>%s</title>%n",
                SIZE,
                SIZE + MARGIN * (series.size() + 1),
                escaped(title)));
        for (int s = 0; s < series.size(); s++) {
            String colour = COLOURS.get(s % COLOURS.size());
            for (double[] point : series.get(s).points()) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" fill-opacity=\"0.7\"/>%n",
                        place(point[0], least[0], most[0]),
                        SIZE - place(point[1], least[1], most[1]),
                        colour));
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                    MARGIN,
                    SIZE + MARGIN * (s + 1),
                    colour,
                    escaped(series.get(s).name())));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double place(double value, double least, double most) {
        double part = most > least ? (value - least) / (most - least) : 0.5;
        return MARGIN + part * (SIZE - 2 * MARGIN);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
