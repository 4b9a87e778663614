package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.art.ArtworkDomain;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.face.Point;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a detector finds in pictures of people and artists whom nothing trained on.
 *
 * @param portraits share of portraits in which exactly one face is found
 * @param worn the same of portraits with a degradation up to 0.4 strong
 * @param artworks share of artworks in which anything is found
 * @param marks mean distance of landmarks from the truth, in pixels of the portrait
 * @param ruined share of ruined portraits in which anything is found
 */
record DetectionEvidence(double portraits, double worn, double artworks, double marks, Map<Ruin, Double> ruined) {

    static DetectionEvidence of(FaceDetector detector, int count, int size) {
        Draws draws = Draws.of(2);
        var art = new ArtworkDomain();
        int found = 0;
        int inWorn = 0;
        int inArt = 0;
        double distance = 0;
        Map<Ruin, Double> ruined = new EnumMap<>(Ruin.class);
        for (int i = 0; i < count; i++) {
            Album.Portrait portrait = Album.draw(Seeds.heldOut(i), Seeds.heldOut(i), size);
            List<Face> faces = detector.detect(portrait.picture());
            if (faces.size() == 1) {
                found++;
                distance += distance(faces.getFirst(), RecognitionEvidence.face(portrait));
            }
            inWorn +=
                    detector.detect(Wear.worse(portrait.picture(), 0.4, draws)).size() == 1 ? 1 : 0;
            Picture artwork = art.render(Seeds.heldOut(i), Seeds.heldOut(i), size);
            inArt += detector.detect(artwork).isEmpty() ? 0 : 1;
            for (Ruin ruin : Ruin.values()) {
                double any = detector.detect(ruin.of(portrait.picture(), draws)).isEmpty() ? 0 : 1.0 / count;
                ruined.merge(ruin, any, Double::sum);
            }
        }
        return new DetectionEvidence(
                (double) found / count,
                (double) inWorn / count,
                (double) inArt / count,
                distance / Math.max(1, found),
                ruined);
    }

    private static double distance(Face a, Face b) {
        double sum = 0;
        for (int i = 0; i < 5; i++) {
            Point p = a.landmarks().get(i);
            Point q = b.landmarks().get(i);
            sum += Math.hypot(p.x() - q.x(), p.y() - q.y()) / 5;
        }
        return sum;
    }
}
