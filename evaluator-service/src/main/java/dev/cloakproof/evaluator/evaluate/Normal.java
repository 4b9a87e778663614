package dev.cloakproof.evaluator.evaluate;

/** The standard normal distribution. */
final class Normal {
    private Normal() {}

    /** The probability of a value below {@code z}; Marsaglia's series (2004), a continued fraction in the tails. */
    static double below(double z) {
        double size = Math.abs(z);
        double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        if (size < 5) {
            double term = z;
            double sum = z;
            for (int i = 3; sum + term != sum; i += 2) {
                term *= z * z / i;
                sum += term;
            }
            return 0.5 + sum * density;
        }
        double fraction = size;
        for (int i = 60; i > 0; i--) {
            fraction = size + i / fraction;
        }
        double tail = density / fraction;
        return z < 0 ? tail : 1 - tail;
    }
}
