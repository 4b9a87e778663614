package dev.cloakproof.vision.face;

import dev.cloakproof.vision.image.AffineMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The similarity (turn, one scale, move) that brings a face's five landmarks to where a network expects them. */
public final class Alignment {
    /** FFHQ's places in a picture of 512 pixels, for which CodeFormer was trained. */
    public static final List<Point> FFHQ_512 = List.of(
            new Point(192.98138, 239.94708),
            new Point(318.90277, 240.1936),
            new Point(256.63416, 314.01935),
            new Point(201.26117, 371.41043),
            new Point(313.08905, 371.15118));

    /** ArcFace's places in a picture of 112 pixels. */
    public static final List<Point> ARCFACE_112 = List.of(
            new Point(38.2946, 51.6963),
            new Point(73.5318, 51.5014),
            new Point(56.0252, 71.7366),
            new Point(41.5493, 92.3655),
            new Point(70.7299, 92.2041));

    private Alignment() {}

    /**
     * The similarity of least squared distances (Umeyama 1991).
     *
     * @throws IllegalArgumentException if all of {@code from} are one point
     */
    public static AffineMap leastSquares(List<Point> from, List<Point> to) {
        int n = from.size();
        double fromX = 0;
        double fromY = 0;
        double toX = 0;
        double toY = 0;
        for (int i = 0; i < n; i++) {
            fromX += from.get(i).x() / n;
            fromY += from.get(i).y() / n;
            toX += to.get(i).x() / n;
            toY += to.get(i).y() / n;
        }
        double along = 0;
        double across = 0;
        double spread = 0;
        for (int i = 0; i < n; i++) {
            double x = from.get(i).x() - fromX;
            double y = from.get(i).y() - fromY;
            double u = to.get(i).x() - toX;
            double v = to.get(i).y() - toY;
            along += x * u + y * v;
            across += x * v - y * u;
            spread += x * x + y * y;
        }
        if (!(spread > 0) || along == 0 && across == 0) {
            throw new IllegalArgumentException("no similarity brings " + from + " to " + to);
        }
        double cosine = along / spread; // times the scale
        double sine = across / spread;
        return new AffineMap(
                cosine, -sine, toX - cosine * fromX + sine * fromY, sine, cosine, toY - sine * fromX - cosine * fromY);
    }

    /**
     * OpenCV's {@code estimateAffinePartial2D(method=LMEDS)}: of similarities through two points each, the one with the
     * least median distance says which points count; those give the least-squares result. One landmark that is far off
     * does not spoil it. Source: OpenCV 4, {@code modules/calib3d/src/ptsetreg.cpp}.
     */
    public static AffineMap leastMedian(List<Point> from, List<Point> to) {
        int n = from.size();
        var random = new OpenCvRandom();
        AffineMap best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int trial = 0; trial < TRIALS; trial++) {
            int first = random.below(n);
            int second = random.below(n);
            while (second == first) {
                second = random.below(n);
            }
            if (from.get(first).equals(from.get(second)) || to.get(first).equals(to.get(second))) {
                continue;
            }
            AffineMap map =
                    leastSquares(List.of(from.get(first), from.get(second)), List.of(to.get(first), to.get(second)));
            double median = median(errors(map, from, to));
            if (median < least) {
                least = median;
                best = map;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("no similarity brings " + from + " to " + to);
        }
        double sigma = Math.max(2.5 * 1.4826 * (1 + 5.0 / (n - 2)) * Math.sqrt(least), 0.001);
        double[] errors = errors(best, from, to);
        List<Point> nearFrom = new ArrayList<>();
        List<Point> nearTo = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            if (errors[i] <= sigma * sigma) {
                nearFrom.add(from.get(i));
                nearTo.add(to.get(i));
            }
        }
        return nearFrom.size() < 2 ? best : leastSquares(nearFrom, nearTo);
    }

    /** What OpenCV takes for a confidence of 0.99 when 45 of 100 points are off: log(0.01) / log(1 - 0.55^2). */
    private static final int TRIALS = 13;

    private static double[] errors(AffineMap map, List<Point> from, List<Point> to) {
        double[] errors = new double[from.size()];
        for (int i = 0; i < errors.length; i++) {
            Point p = from.get(i);
            double dx = map.x(p.x(), p.y()) - to.get(i).x();
            double dy = map.y(p.x(), p.y()) - to.get(i).y();
            errors[i] = (float) (dx * dx + dy * dy);
        }
        return errors;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** OpenCV's multiply-with-carry generator from its default state, so that the same pairs are tried. */
    private static final class OpenCvRandom {
        private long state = -1;

        int below(int bound) {
            state = (state & 0xffffffffL) * 4164903690L + (state >>> 32);
            return (int) ((state & 0xffffffffL) % bound);
        }
    }
}
