package dev.cloakproof.pretraining.mini;

import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Alignment;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.Warp;
import java.util.ArrayList;
import java.util.List;

/** Faces of portraits where a restorer expects them, by the portraits' own landmarks. */
final class AlignedFaces {
    private static final double TEMPLATE = 512;
    private static final int[] BORDER = {132, 133, 135};

    private AlignedFaces() {}

    static Picture of(Album.Portrait portrait, int size) {
        return Warp.picture(
                portrait.picture(),
                Alignment.leastMedian(points(portrait), Alignment.FFHQ_512).scaled(size / TEMPLATE),
                Frame.of(size, size),
                BORDER);
    }

    static List<Point> points(Album.Portrait portrait) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < portrait.landmarks().length; i += 2) {
            points.add(new Point(portrait.landmarks()[i], portrait.landmarks()[i + 1]));
        }
        return points;
    }
}
