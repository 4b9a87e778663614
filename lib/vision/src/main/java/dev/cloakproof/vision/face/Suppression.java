package dev.cloakproof.vision.face;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keeps the best of the boxes that lie on each other (non-maximum suppression). */
final class Suppression {
    private Suppression() {}

    /**
     * @param overlap the greatest intersection over union that a kept box may have with a better one
     * @param margin what a side counts beyond the difference of its edges: 1 where edges name the outermost pixels
     * @return the kept faces, the best first; equal scores keep their order
     */
    static List<Face> keepBest(List<Face> faces, double overlap, double margin) {
        List<Face> sorted = new ArrayList<>(faces);
        sorted.sort(Comparator.comparingDouble(Face::score).reversed());
        List<Face> kept = new ArrayList<>();
        for (Face face : sorted) {
            if (kept.stream().noneMatch(better -> intersectionOverUnion(better, face, margin) > overlap)) {
                kept.add(face);
            }
        }
        return kept;
    }

    static double intersectionOverUnion(Face a, Face b, double margin) {
        double width = Math.max(0, Math.min(a.right(), b.right()) - Math.max(a.left(), b.left()) + margin);
        double height = Math.max(0, Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top()) + margin);
        double both = width * height;
        return both / (area(a, margin) + area(b, margin) - both);
    }

    private static double area(Face face, double margin) {
        return (face.width() + margin) * (face.height() + margin);
    }
}
