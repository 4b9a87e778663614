package dev.cloakproof.evaluator.evaluate.mismatch;

/**
 * t-SNE without approximations (van der Maaten and Hinton 2008): fit for some thousand points. Starts from the singular
 * value decomposition, with scikit-learn's learning rate and exaggeration.
 *
 * @param perplexity about how many neighbours count; brought down to a third of the points where there are few
 */
public record Tsne(double perplexity) implements Projection {
    private static final int ITERATIONS = 1000;
    private static final int EXAGGERATED = 250;
    private static final double EXAGGERATION = 12;

    public Tsne {
        if (!(perplexity >= 1)) {
            throw new IllegalArgumentException("perplexity is at least 1, found " + perplexity);
        }
    }

    @Override
    public double[][] project(double[][] points, long seed) {
        int n = points.length;
        double[][] near = affinities(Distances.squared(points), Math.clamp((n - 1) / 3.0, 1, perplexity));
        double[][] plane = start(points, seed);
        double[][] speed = new double[n][2];
        double[][] gain = new double[n][2];
        for (double[] row : gain) {
            row[0] = 1;
            row[1] = 1;
        }
        double rate = Math.max(n / EXAGGERATION / 4, 50);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            boolean early = iteration < EXAGGERATED;
            double[][] slope = gradient(near, plane, early ? EXAGGERATION : 1);
            for (int i = 0; i < n; i++) {
                for (int d = 0; d < 2; d++) {
                    boolean turned = slope[i][d] * speed[i][d] < 0;
                    gain[i][d] = Math.max(0.01, turned ? gain[i][d] + 0.2 : gain[i][d] * 0.8);
                    speed[i][d] = (early ? 0.5 : 0.8) * speed[i][d] - rate * gain[i][d] * slope[i][d];
                    plane[i][d] += speed[i][d];
                }
            }
        }
        return plane;
    }

    /** Small, so that early forces decide. */
    private static double[][] start(double[][] points, long seed) {
        double[][] plane = new TruncatedSvd().project(points, seed);
        double spread = 0;
        for (double[] row : plane) {
            spread += row[0] * row[0] / plane.length;
        }
        double scale = 1e-4 / Math.max(Math.sqrt(spread), 1e-12);
        for (double[] row : plane) {
            row[0] *= scale;
            row[1] *= scale;
        }
        return plane;
    }

    /** Probabilities that two points are neighbours, over all pairs; each point's bandwidth gives the perplexity. */
    static double[][] affinities(double[][] squared, double perplexity) {
        int n = squared.length;
        double[][] joint = new double[n][n];
        for (int i = 0; i < n; i++) {
            double[] row = conditional(squared[i], i, Math.log(perplexity));
            for (int j = 0; j < n; j++) {
                joint[i][j] += row[j] / (2 * n);
                joint[j][i] += row[j] / (2 * n);
            }
        }
        return joint;
    }

    static double[] conditional(double[] squared, int self, double entropy) {
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double precision = 1;
        double[] row = new double[squared.length];
        for (int trial = 0; trial < 100; trial++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < row.length; j++) {
                least = j == self ? least : Math.min(least, squared[j]);
            }
            double sum = 0;
            double weighted = 0;
            for (int j = 0; j < row.length; j++) {
                row[j] = j == self ? 0 : Math.exp(-precision * (squared[j] - least));
                sum += row[j];
                weighted += row[j] * (squared[j] - least);
            }
            double found = Math.log(sum) + precision * weighted / sum;
            for (int j = 0; j < row.length; j++) {
                row[j] /= sum;
            }
            if (Math.abs(found - entropy) < 1e-6) {
                break;
            }
            if (found > entropy) {
                low = precision;
                precision = Double.isInfinite(high) ? precision * 2 : (precision + high) / 2;
            } else {
                high = precision;
                precision = (precision + low) / 2;
            }
        }
        return row;
    }

    /** Of the divergence between neighbours in space and in the plane. */
    static double[][] gradient(double[][] near, double[][] plane, double exaggeration) {
        int n = plane.length;
        double[][] kernel = Distances.squared(plane);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                kernel[i][j] = i == j ? 0 : 1 / (1 + kernel[i][j]);
                sum += kernel[i][j];
            }
        }
        double[][] slope = new double[n][2];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double force = 4 * (exaggeration * near[i][j] - kernel[i][j] / sum) * kernel[i][j];
                slope[i][0] += force * (plane[i][0] - plane[j][0]);
                slope[i][1] += force * (plane[i][1] - plane[j][1]);
            }
        }
        return slope;
    }
}
