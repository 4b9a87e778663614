package dev.cloakproof.tensor.image;

/**
 * Which source pixels make each target pixel along one axis, and by what weight, in fixed point.
 *
 * <p>The rounding is part of the result: weights are normalised in double, then rounded half away from zero to
 * {@value #PRECISION_BITS} fractional bits. Source: Pillow, {@code precompute_coeffs} and
 * {@code normalize_coeffs_8bpc} in {@code src/libImaging/Resample.c}.
 *
 * @param first (target) the first source pixel that counts
 * @param count (target) how many count from there on
 * @param weights (target * stride) the weights, each target's at target * stride
 * @param stride the most that any target pixel may take
 */
record ResampleWeights(int[] first, int[] count, int[] weights, int stride) {
    /** Fractional bits: 32 less 8 for the sample and 2 for the overshoot of filters with negative lobes. */
    static final int PRECISION_BITS = 32 - 8 - 2;

    /**
     * The weights along one axis.
     *
     * @param sourceSize pixels of the source along it
     * @param from the box's near edge in source pixels
     * @param to the box's far edge in source pixels
     * @param targetSize pixels of the target along it
     */
    static ResampleWeights of(Resampling filter, int sourceSize, float from, float to, int targetSize) {
        double scale = (to - from) / (double) targetSize;
        double filterScale = Math.max(scale, 1);
        double support = filter.support() * filterScale;
        int stride = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[targetSize];
        int[] count = new int[targetSize];
        int[] weights = new int[Math.multiplyExact(targetSize, stride)];
        double[] real = new double[stride];
        for (int target = 0; target < targetSize; target++) {
            double centre = from + (target + 0.5) * scale;
            int begin = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), sourceSize);
            double sum = 0;
            for (int i = 0; i < end - begin; i++) {
                real[i] = filter.weight((begin + i - centre + 0.5) / filterScale);
                sum += real[i];
            }
            for (int i = 0; i < end - begin; i++) {
                weights[target * stride + i] = fixedPoint(sum == 0 ? real[i] : real[i] / sum);
            }
            first[target] = begin;
            count[target] = end - begin;
        }
        return new ResampleWeights(first, count, weights, stride);
    }

    private static int fixedPoint(double weight) {
        return (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
    }
}
