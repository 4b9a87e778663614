package dev.cloakproof.sampler.sample.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpectrumTest {
    private static final int SIDE = Spectrum.SIDE;

    @Test
    void itIsTheDefinition() {
        Spectrum spectrum = random();
        double[] pixels = spectrum.real.clone();
        spectrum.transform(false);
        for (int[] frequency : new int[][] {{0, 0}, {1, 0}, {5, 9}, {63, 32}}) {
            double re = 0;
            double im = 0;
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    double angle = -2 * Math.PI * (frequency[0] * x + frequency[1] * y) / SIDE;
                    re += pixels[Spectrum.place(x, y)] * Math.cos(angle);
                    im += pixels[Spectrum.place(x, y)] * Math.sin(angle);
                }
            }
            int at = Spectrum.place(frequency[0], frequency[1]);
            assertThat(spectrum.real[at]).isCloseTo(re, within(1e-9));
            assertThat(spectrum.imaginary[at]).isCloseTo(im, within(1e-9));
        }
    }

    @Test
    void theInverseLeadsBack() {
        Spectrum spectrum = random();
        double[] pixels = spectrum.real.clone();
        spectrum.transform(false);
        spectrum.transform(true);
        for (int i = 0; i < pixels.length; i++) {
            assertThat(spectrum.real[i] / pixels.length).isCloseTo(pixels[i], within(1e-12));
        }
    }

    private static Spectrum random() {
        Spectrum spectrum = new Spectrum();
        Random random = new Random(1);
        for (int i = 0; i < spectrum.real.length; i++) {
            spectrum.real[i] = random.nextDouble() - 0.5;
        }
        return spectrum;
    }
}
