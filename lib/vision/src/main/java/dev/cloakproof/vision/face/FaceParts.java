package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.vision.image.Plane;
import java.util.Set;

/** What of a face's square is pasted back: not the background, neck, cloth, hair and hat. */
public final class FaceParts {
    /** ParseNet's classes that stay as they were: background, neck, cloth, hair, hat. */
    private static final Set<Integer> LEFT_ALONE = Set.of(0, 14, 16, 17, 18);

    private static final int KERNEL = 101;
    private static final double SIGMA = 11;
    private static final int BLACK_BORDER = 10;

    private FaceParts() {}

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
                values[i] = LEFT_ALONE.contains((int) labels[i]) ? 0 : 1;
            }
            Plane blurred =
                    new Plane(width, height, values).blurred(KERNEL, SIGMA).blurred(KERNEL, SIGMA);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    boolean border =
                            Math.min(x, y) < BLACK_BORDER || x >= width - BLACK_BORDER || y >= height - BLACK_BORDER;
                    if (border) {
                        blurred.values()[y * width + x] = 0;
                    }
                }
            }
            return blurred;
        }
    }
}
