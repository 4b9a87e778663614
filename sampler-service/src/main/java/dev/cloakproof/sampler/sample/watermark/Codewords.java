package dev.cloakproof.sampler.sample.watermark;

/**
 * A tag as symbols of a Reed-Solomon code over the field of 256 elements: 3 bytes of the tag become {@value #LENGTH}
 * symbols, any two tags differ in at least 4 of them. Symbol i is the polynomial with the bytes as coefficients at the
 * i-th power of the field's generator.
 */
final class Codewords {
    static final int LENGTH = 6;
    static final int SYMBOLS = 256;
    /** Tags are 0 to this, exclusively. */
    static final int TAGS = 1 << 24;

    /** x^8 + x^4 + x^3 + x^2 + 1, whose root 2 generates the field. */
    private static final int FIELD = 0x11d;

    /** [i][byte of the tag][value]: what the byte adds to symbol i. */
    private static final int[][][] PARTS = new int[LENGTH][3][SYMBOLS];

    static {
        int point = 1;
        for (int i = 0; i < LENGTH; i++) {
            int power = 1;
            for (int place = 0; place < 3; place++) {
                for (int value = 0; value < SYMBOLS; value++) {
                    PARTS[i][place][value] = times(value, power);
                }
                power = times(power, point);
            }
            point = times(point, 2);
        }
    }

    private Codewords() {}

    static int symbol(int tag, int i) {
        int[][] parts = PARTS[i];
        return parts[0][tag >>> 16] ^ parts[1][tag >>> 8 & 0xff] ^ parts[2][tag & 0xff];
    }

    /**
     * The likeliest tag: the one whose symbols' scores add up to the most, of all there are.
     *
     * @param scores [symbol's place][value]
     */
    static int decode(double[][] scores) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        int[] partial = new int[LENGTH];
        for (int upper = 0; upper < TAGS; upper += SYMBOLS) {
            for (int i = 0; i < LENGTH; i++) {
                partial[i] = symbol(upper, i);
            }
            for (int low = 0; low < SYMBOLS; low++) {
                double sum = 0;
                for (int i = 0; i < LENGTH; i++) {
                    sum += scores[i][partial[i] ^ PARTS[i][2][low]];
                }
                if (sum > most) {
                    most = sum;
                    best = upper + low;
                }
            }
        }
        return best;
    }

    private static int times(int a, int b) {
        int product = 0;
        for (int factor = a, bits = b; bits != 0; bits >>= 1) {
            if ((bits & 1) != 0) {
                product ^= factor;
            }
            factor <<= 1;
            if (factor >= SYMBOLS) {
                factor ^= FIELD;
            }
        }
        return product;
    }
}
