package dev.cloakproof.tensor.optim;

import dev.cloakproof.tensor.Tensor;
import java.util.Arrays;

/**
 * The 256 levels of dynamic tree quantisation over [-1, 1] or [0, 1]: exact near zero and near one, since the number of
 * leading zero bits is a decimal exponent and the bits that remain are a fraction (Dettmers 2016, "8-Bit Approximations
 * for Parallelism in Deep Learning"; Dettmers et al. 2022, "8-bit Optimizers via Block-wise Quantization").
 */
final class DynamicCodes {
    static final int LEVELS = 256;

    private static final int EXPONENTS = 7;

    private DynamicCodes() {}

    /** In ascending order. */
    static float[] levels(boolean signed) {
        var levels = new float[LEVELS];
        int count = 0;
        for (int exponent = 0; exponent < EXPONENTS; exponent++) {
            int fractions = 1 << (signed ? exponent : exponent + 1);
            float scale = (float) Math.pow(10, exponent - EXPONENTS + 1);
            for (int i = 0; i < fractions; i++) {
                // The middle of the i-th of equal parts of [0.1, 1].
                float level = scale * (float) (0.1 + 0.9 * (i + 0.5) / fractions);
                levels[count++] = level;
                if (signed) {
                    levels[count++] = -level;
                }
            }
        }
        levels[count++] = 0;
        levels[count++] = 1;
        if (count != LEVELS) {
            throw new AssertionError("dynamic codes have " + count + " levels");
        }
        Arrays.sort(levels);
        return levels;
    }

    /** Levels, and the edges between them: a value's code is how many edges lie below it. */
    static Tensor[] tables(boolean signed) {
        float[] levels = levels(signed);
        var edges = new float[LEVELS - 1];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = (levels[i] + levels[i + 1]) / 2;
        }
        return new Tensor[] {Tensor.of(levels, LEVELS), Tensor.of(edges, edges.length)};
    }
}
