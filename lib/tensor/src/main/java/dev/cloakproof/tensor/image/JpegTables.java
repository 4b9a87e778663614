package dev.cloakproof.tensor.image;

import javax.imageio.plugins.jpeg.JPEGQTable;

/**
 * Quantisation tables on libjpeg's quality scale, which is Pillow's. The JDK's own scale is another. Source: libjpeg,
 * {@code jpeg_quality_scaling} and {@code jpeg_add_quant_table} in jcparam.c.
 */
final class JpegTables {
    private static final int MAX_BASELINE = 255;

    private JpegTables() {}

    static JPEGQTable luminance(int quality) {
        return scaled(JPEGQTable.K1Luminance, quality);
    }

    static JPEGQTable chrominance(int quality) {
        return scaled(JPEGQTable.K2Chrominance, quality);
    }

    /** The standard's table, which is quality 50, made coarser or finer. */
    private static JPEGQTable scaled(JPEGQTable standard, int quality) {
        int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        int[] steps = standard.getTable();
        for (int i = 0; i < steps.length; i++) {
            steps[i] = Math.clamp((steps[i] * (long) percent + 50) / 100, 1, MAX_BASELINE);
        }
        return new JPEGQTable(steps);
    }
}
