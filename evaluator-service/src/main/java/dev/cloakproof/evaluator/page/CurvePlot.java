package dev.cloakproof.evaluator.page;

import dev.cloakproof.evaluator.index.RunIndex.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A training curve as an SVG picture: every point faint, and a moving average over a twentieth of them. */
final class CurvePlot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 260;
    private static final int LEFT = 56;
    private static final int BOTTOM = 34;
    private static final int EDGE = 12;
    /** More points than pixels show nothing. */
    private static final int MOST_POINTS = 1200;

    private CurvePlot() {}

    /** @param points by step, 1 or more; what is no number is left out */
    static String svg(List<CurvePoint> points, String quantity) {
        List<CurvePoint> shown = thinned(
                points.stream().filter(point -> Double.isFinite(point.value())).toList());
        if (shown.isEmpty()) {
            return "";
        }
        double most = shown.stream().mapToDouble(CurvePoint::value).max().orElseThrow();
        double least =
                Math.min(0, shown.stream().mapToDouble(CurvePoint::value).min().orElseThrow());
        long last = Math.max(1, shown.getLast().step());
        double top = most > least ? most : least + 1;
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-label=\"%s by step: from %.4g at step %d to %.4g at step %d\">%n",
                WIDTH,
                HEIGHT,
                quantity,
                shown.getFirst().value(),
                shown.getFirst().step(),
                shown.getLast().value(),
                shown.getLast().step()));
        for (int i = 0; i <= 4; i++) {
            double value = least + (top - least) * i / 4;
            double y = y(value, least, top);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>%n",
                    LEFT,
                    WIDTH - EDGE,
                    y,
                    y,
                    LEFT - 6,
                    y + 4,
                    value));
            long step = last * i / 4;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                    x(step, last),
                    HEIGHT - BOTTOM + 16,
                    step));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">step</text>%n",
                (LEFT + WIDTH) / 2,
                HEIGHT - 3));
        line(svg, "curve faint", shown, last, least, top);
        line(svg, "curve", smoothed(shown), last, least, top);
        return svg.append("</svg>").toString();
    }

    private static void line(
            StringBuilder svg, String style, List<CurvePoint> points, long last, double least, double top) {
        svg.append("<polyline class=\"").append(style).append("\" points=\"");
        points.forEach(point -> svg.append(
                String.format(Locale.ROOT, "%.1f,%.1f ", x(point.step(), last), y(point.value(), least, top))));
        svg.append("\"/>\n");
    }

    private static List<CurvePoint> smoothed(List<CurvePoint> points) {
        int around = Math.max(1, points.size() / 40);
        List<CurvePoint> smooth = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            List<CurvePoint> near = points.subList(Math.max(0, i - around), Math.min(points.size(), i + around + 1));
            double mean = near.stream().mapToDouble(CurvePoint::value).average().orElseThrow();
            smooth.add(new CurvePoint(points.get(i).step(), mean));
        }
        return smooth;
    }

    private static List<CurvePoint> thinned(List<CurvePoint> points) {
        if (points.size() <= MOST_POINTS) {
            return points;
        }
        List<CurvePoint> few = new ArrayList<>();
        for (int i = 0; i < MOST_POINTS; i++) {
            few.add(points.get((int) ((long) i * (points.size() - 1) / (MOST_POINTS - 1))));
        }
        return few;
    }

    private static double x(long step, long last) {
        return LEFT + (double) step / last * (WIDTH - EDGE - LEFT);
    }

    private static double y(double value, double least, double top) {
        return EDGE + (top - value) / (top - least) * (HEIGHT - BOTTOM - EDGE);
    }
}
