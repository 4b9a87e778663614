package dev.cloakproof.evaluator.evaluate.mismatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Points of several kinds as an SVG picture for a page: each kind has a shape and a class {@code series-n} of its own, so
 * that colours are the page's and nobody needs to see them.
 */
public final class ScatterPlot {
    private static final int SIZE = 480;
    private static final int MARGIN = 16;
    private static final double RADIUS = 5;

    /** Outlines around the origin, one for each kind in turn. */
    private static final List<String> SHAPES = List.of(
            "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
            "M-4.5-4.5h9v9h-9z",
            "M0-5.5L5.5 4.5H-5.5z",
            "M0-6L6 0L0 6L-6 0z",
            "M-1.5-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
            "M0 5.5L-5.5-4.5H5.5z");

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
        int line = 22;
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-label=\"%s\">%n<rect class=\"frame\" width=\"%d\" height=\"%d\"/>%n",
                SIZE,
                SIZE + line * series.size() + MARGIN / 2,
                escaped(title),
                SIZE,
                SIZE));
        for (int s = 0; s < series.size(); s++) {
            for (double[] point : series.get(s).points()) {
                mark(svg, s, place(point[0], least[0], most[0]), SIZE - place(point[1], least[1], most[1]));
            }
            double y = SIZE + line * (s + 1) - 4.0;
            mark(svg, s, MARGIN, y - RADIUS);
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\">%s</text>%n",
                    2 * MARGIN,
                    y,
                    escaped(series.get(s).name())));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void mark(StringBuilder svg, int series, double x, double y) {
        svg.append(String.format(
                Locale.ROOT,
                "<path class=\"mark series-%d\" d=\"%s\" transform=\"translate(%.1f %.1f)\"/>%n",
                series % SHAPES.size(),
                SHAPES.get(series % SHAPES.size()),
                x,
                y));
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
