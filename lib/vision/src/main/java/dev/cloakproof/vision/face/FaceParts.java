package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.vision.image.Plane;
import java.util.Set;

/** What of a face's square is pasted back: not the background, neck, cloth, hair and hat. */
public final class FaceParts {
    /** ParseNet's classes that stay as they were: background, neck, cloth, hair, hat. */
    private static final Set<Integer> LEFT_ALONE = Set.of(0, 14, 16, 17, 18);

    /** Side of the published parser's face, for which the numbers here are. */
    private static final double TEMPLATE = 512;

    private static final double HALF_KERNEL = 50;
    private static final double SIGMA = 11;
    private static final double BLACK_BORDER = 10;

    private FaceParts() {}

    /** Whether a class of ParseNet belongs to what is pasted back. */
    public static boolean counts(int label) {
        return !LEFT_ALONE.contains(label);
    }

    /**
     * The soft mask of ParseNet's scores.
     *
     * @param classes (1, classes, height, width)
     * @return 0 to 1
     */
    public static Plane mask(Tensor classes) {
        try (var _ = Scope.open()) {
            int height = Math.toIntExact(classes.size(2));
            int width = Math.toIntExact(classes.size(3));
            long[] labels = classes.argmax(1).toLongs();
            float[] values = new float[labels.length];
            for (int i = 0; i < labels.length; i++) {
                values[i] = counts((int) labels[i]) ? 1 : 0;
            }
            double scale = width / TEMPLATE;
            int kernel = 2 * (int) Math.ceil(HALF_KERNEL * scale) + 1;
            int edge = (int) Math.ceil(BLACK_BORDER * scale);
            Plane blurred = new Plane(width, height, values)
                    .blurred(kernel, SIGMA * scale)
                    .blurred(kernel, SIGMA * scale);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    boolean border = Math.min(x, y) < edge || x >= width - edge || y >= height - edge;
                    if (border) {
                        blurred.values()[y * width + x] = 0;
                    }
                }
            }
            return blurred;
        }
    }
}
