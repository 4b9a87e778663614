package dev.cloakproof.sampler.sample.watermark;

import dev.cloakproof.sampler.sample.watermark.Chips.Chip;
import dev.cloakproof.tensor.image.Picture;
import java.util.List;
import java.util.Optional;

/**
 * Finds the mark of {@link Watermark} in a picture that may have been cropped, resized and compressed since.
 *
 * <p>Only phases count. If a picture was made without knowledge of the sequence, the K phases of the picture less those
 * of the reference are independent and uniform, so the score, sum of their cosines / sqrt(K / 2), exceeds s with a
 * probability of at most exp(-s^2 / 2) (their moment generating function I0(x) is at most exp(x^2 / 4)). The best of N
 * places and sizes then exceeds it with at most N times that.
 */
public final class WatermarkDetector {
    /** Chance, at most, that an unmarked picture is called marked. */
    public static final double FALSE_POSITIVES = 1e-6;
    /** Chance, at most, that a tag is read where none was written. */
    public static final double FALSE_TAGS = 1e-4;

    /** Sizes that are looked at: from 1 / LARGEST to LARGEST, in steps that move a corner by half a pixel. */
    private static final double LARGEST = 1.5;

    private static final double SIZE_STEP = 1.004;
    private static final int SIZES = (int) Math.floor(Math.log(LARGEST) / Math.log(SIZE_STEP));
    /** Of the middle that is looked at, in pixels of the marked picture. */
    private static final int WINDOW = 4 * Spectrum.SIDE;

    private static final int PLACES = Spectrum.SIDE * Spectrum.SIDE;
    /** A picture whose score is this or more is called marked. */
    public static final double THRESHOLD = Math.sqrt(2 * Math.log((2 * SIZES + 1.0) * PLACES / FALSE_POSITIVES));

    private static final double TAG_THRESHOLD = Math.sqrt(2 * Math.log(Codewords.TAGS / FALSE_TAGS));

    private record Peak(double score, double scale, int dx, int dy, Spectrum spectrum) {}

    private WatermarkDetector() {}

    /** Takes up to a second. */
    public static Detection detect(Picture picture) {
        // 1. What the eye sees least of, evened out
        Plane even = Plane.luma(picture).even();

        // 2. The best place at every size, the picture's own first
        Peak best = peak(even, 1);
        for (int i = 1; i <= SIZES && best.score() < THRESHOLD; i++) {
            best = better(best, peak(even, Math.pow(SIZE_STEP, i)));
            best = better(best, peak(even, Math.pow(SIZE_STEP, -i)));
        }
        if (best.score() < THRESHOLD) {
            return new Detection(false, best.score(), best.scale(), Optional.empty());
        }
        // A neighbouring size may fit better.
        for (double factor : new double[] {1 / SIZE_STEP, SIZE_STEP}) {
            Peak next = peak(even, best.scale() * factor);
            while (next.score() > best.score()) {
                best = next;
                next = peak(even, best.scale() * factor);
            }
        }

        // 3. The tag
        return new Detection(true, best.score(), best.scale(), tag(best));
    }

    private static Peak better(Peak a, Peak b) {
        return b.score() > a.score() ? b : a;
    }

    /** Correlates with the reference at all places at once. */
    private static Peak peak(Plane even, double scale) {
        Spectrum spectrum = folded(even, scale);
        spectrum.transform(false);
        Spectrum correlation = new Spectrum();
        for (Chip chip : Chips.REFERENCE) {
            double re = spectrum.real[chip.index()];
            double im = spectrum.imaginary[chip.index()];
            double length = Math.hypot(re, im);
            if (length > 0) {
                double c = Math.cos(chip.phase());
                double s = Math.sin(chip.phase());
                correlation.real[chip.index()] = (re * c + im * s) / length;
                correlation.imaginary[chip.index()] = (im * c - re * s) / length;
            }
        }
        correlation.transform(true);
        int best = 0;
        for (int i = 1; i < PLACES; i++) {
            if (correlation.real[i] > correlation.real[best]) {
                best = i;
            }
        }
        double score = correlation.real[best] / Math.sqrt(Chips.REFERENCE.size() / 2.0);
        return new Peak(score, scale, best % Spectrum.SIDE, best / Spectrum.SIDE, spectrum);
    }

    /** The middle of the picture brought back from a size, with all its tiles laid on each other. */
    private static Spectrum folded(Plane even, double scale) {
        int width = (int) Math.min(WINDOW, even.width() / scale);
        int height = (int) Math.min(WINDOW, even.height() / scale);
        double left = (even.width() - width * scale) / 2 + (scale - 1) / 2;
        double top = (even.height() - height * scale) / 2 + (scale - 1) / 2;
        if (scale == 1) {
            left = Math.floor(left);
            top = Math.floor(top);
        }
        Spectrum folded = new Spectrum();
        for (int y = 0; y < height; y++) {
            int row = y % Spectrum.SIDE * Spectrum.SIDE;
            double fromY = Math.clamp(top + y * scale, 0, even.height() - 1.0);
            int y0 = Math.min((int) fromY, Math.max(0, even.height() - 2));
            int y1 = Math.min(y0 + 1, even.height() - 1);
            double wy = fromY - y0;
            for (int x = 0; x < width; x++) {
                double fromX = Math.clamp(left + x * scale, 0, even.width() - 1.0);
                int x0 = Math.min((int) fromX, Math.max(0, even.width() - 2));
                int x1 = Math.min(x0 + 1, even.width() - 1);
                double wx = fromX - x0;
                double upper = even.at(x0, y0) * (1 - wx) + even.at(x1, y0) * wx;
                double lower = even.at(x0, y1) * (1 - wx) + even.at(x1, y1) * wx;
                folded.real[row + x % Spectrum.SIDE] += upper * (1 - wy) + lower * wy;
            }
        }
        return folded;
    }

    private static Optional<RunTag> tag(Peak peak) {
        double[][] scores = new double[Codewords.LENGTH][Codewords.SYMBOLS];
        int chips = 0;
        for (int i = 0; i < Codewords.LENGTH; i++) {
            List<Chip> symbol = Chips.SYMBOLS.get(i);
            chips += symbol.size();
            for (Chip chip : symbol) {
                double shifted = Math.atan2(peak.spectrum().imaginary[chip.index()], peak.spectrum().real[chip.index()])
                        + 2 * Math.PI * (chip.u() * peak.dx() + chip.v() * peak.dy()) / Spectrum.SIDE;
                for (int value = 0; value < Codewords.SYMBOLS; value++) {
                    scores[i][value] += Math.cos(shifted - chip.phase(value));
                }
            }
        }
        int tag = Codewords.decode(scores);
        double sum = 0;
        for (int i = 0; i < Codewords.LENGTH; i++) {
            sum += scores[i][Codewords.symbol(tag, i)];
        }
        return sum / Math.sqrt(chips / 2.0) < TAG_THRESHOLD ? Optional.empty() : Optional.of(new RunTag(tag));
    }
}
