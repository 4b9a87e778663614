package dev.cloakproof.sampler.sample.watermark;

/**
 * Complex numbers on a square of {@link #SIDE} by {@link #SIDE}, and their discrete Fourier transform. For one thread.
 */
final class Spectrum {
    /** Of a tile, in pixels. A power of two. */
    static final int SIDE = 64;

    private static final double[] COSINES = new double[SIDE];
    private static final double[] SINES = new double[SIDE];

    static {
        for (int i = 0; i < SIDE; i++) {
            COSINES[i] = Math.cos(2 * Math.PI * i / SIDE);
            SINES[i] = Math.sin(2 * Math.PI * i / SIDE);
        }
    }

    /** Row by row. */
    final double[] real = new double[SIDE * SIDE];

    final double[] imaginary = new double[SIDE * SIDE];

    /** Where a pixel of a picture lies in the tile. */
    static int place(int x, int y) {
        return y % SIDE * SIDE + x % SIDE;
    }

    /** The spectrum of all tiles of a plane laid on each other. */
    static Spectrum folded(Plane plane) {
        Spectrum folded = new Spectrum();
        for (int y = 0; y < plane.height(); y++) {
            for (int x = 0; x < plane.width(); x++) {
                folded.real[place(x, y)] += plane.at(x, y);
            }
        }
        folded.transform(false);
        return folded;
    }

    /** In place, without a factor: the inverse of the forward transform is SIDE * SIDE times the original. */
    void transform(boolean inverse) {
        for (int i = 0; i < SIDE; i++) {
            line(i * SIDE, 1, inverse);
        }
        for (int i = 0; i < SIDE; i++) {
            line(i, SIDE, inverse);
        }
    }

    /** Cooley and Tukey, radix 2. */
    private void line(int start, int stride, boolean inverse) {
        for (int i = 0; i < SIDE; i++) {
            int j = Integer.reverse(i) >>> Integer.numberOfLeadingZeros(SIDE) + 1;
            if (i < j) {
                swap(start + i * stride, start + j * stride);
            }
        }
        for (int half = 1; half < SIDE; half *= 2) {
            int turn = SIDE / (2 * half);
            for (int block = 0; block < SIDE; block += 2 * half) {
                for (int i = 0; i < half; i++) {
                    int low = start + (block + i) * stride;
                    int high = low + half * stride;
                    double c = COSINES[i * turn];
                    double s = inverse ? SINES[i * turn] : -SINES[i * turn];
                    double re = real[high] * c - imaginary[high] * s;
                    double im = real[high] * s + imaginary[high] * c;
                    real[high] = real[low] - re;
                    imaginary[high] = imaginary[low] - im;
                    real[low] += re;
                    imaginary[low] += im;
                }
            }
        }
    }

    private void swap(int a, int b) {
        double re = real[a];
        real[a] = real[b];
        real[b] = re;
        double im = imaginary[a];
        imaginary[a] = imaginary[b];
        imaginary[b] = im;
    }
}
