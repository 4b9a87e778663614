package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.face.Part;
import dev.cloakproof.vision.image.AffineMap;

/** ParseNet's classes for what a portrait shows; left and right are the picture's. */
final class FaceLabels {
    private static final Part[] PARTS = Part.values();

    private FaceLabels() {}

    static int of(Part part, boolean left) {
        return switch (part) {
            case BACKGROUND -> 0;
            case SKIN -> 1;
            case BROWS -> left ? 2 : 3;
            case EYES -> left ? 4 : 5;
            case GLASSES -> 6;
            case EARS -> left ? 7 : 8;
            case MOUTH -> 11;
            case NECK -> 14;
            case CLOTHES -> 16;
            case HAIR -> 17;
            case HAT -> 18;
        };
    }

    /**
     * The labels of a picture that was brought to a square.
     *
     * @param parts ordinals, side * side
     * @param map of the portrait onto the square
     * @return size * size; background beyond the portrait's edge
     */
    static long[] mapped(byte[] parts, int side, AffineMap map, int size) {
        AffineMap back = map.inverse();
        long[] labels = new long[size * size];
        for (int i = 0; i < labels.length; i++) {
            int column = i % size;
            int row = i / size;
            long x = Math.round(back.x(column, row));
            long y = Math.round(back.y(column, row));
            boolean inside = x >= 0 && y >= 0 && x < side && y < side;
            labels[i] = inside ? of(PARTS[parts[(int) (y * side + x)]], column < size / 2) : 0;
        }
        return labels;
    }
}
