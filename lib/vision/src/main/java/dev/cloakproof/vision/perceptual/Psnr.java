package dev.cloakproof.vision.perceptual;

import dev.cloakproof.tensor.image.Picture;

/**
 * Peak signal-to-noise ratio in decibels: -10 log10 of the mean squared error of levels 0 to 1, plus 1e-8 as in piq, so
 * that equal pictures have 80 dB. The paper's Table 7 prints about twice these numbers (42 to 52 dB at an SSIM of 0.8).
 */
public final class Psnr {
    /** What equal pictures have. */
    public static final double MOST = 80;

    private static final double EPS = 1e-8;

    private Psnr() {}

    /** @throws IllegalArgumentException if sizes differ */
    public static double of(Picture a, Picture b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new IllegalArgumentException("PSNR compares pictures of one size, found " + a + " and " + b);
        }
        byte[] x = a.rgb();
        byte[] y = b.rgb();
        long sum = 0;
        for (int i = 0; i < x.length; i++) {
            long difference = (x[i] & 0xff) - (y[i] & 0xff);
            sum += difference * difference;
        }
        return -10 * Math.log10(sum / (255.0 * 255.0 * x.length) + EPS);
    }
}
