package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.face.Identity;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.identity.FaceEmbedder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/** Measures a recogniser on people whom nothing trained on. */
final class RecognitionEvidence {
    private static final int WORKS = 4;
    private static final int GROUP = 4;

    private RecognitionEvidence() {}

    /** Verification of strangers, of people who wear the same, and of strangers in worn pictures. */
    static Map<String, Verification> of(FaceEmbedder embedder, int people, int size) {
        Map<String, Verification> found = new LinkedHashMap<>();
        found.put("strangers", verify(embedder, people, size, Identity::of, picture -> picture));
        found.put(
                "people who wear the same",
                verify(embedder, people, size, seed -> Crowd.lookalike(seed, GROUP), picture -> picture));
        Draws draws = Draws.of(1);
        found.put("strangers, worn", verify(embedder, people, size, Identity::of, p -> Wear.worse(p, 0.4, draws)));
        return found;
    }

    private static Verification verify(
            FaceEmbedder embedder, int people, int size, LongFunction<Identity> who, UnaryOperator<Picture> wear) {
        List<List<float[]>> vectors = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            List<float[]> of = new ArrayList<>();
            for (int work = 0; work < WORKS; work++) {
                Album.Portrait portrait =
                        Album.draw(who.apply(Seeds.heldOut(i)), Seeds.heldOut((long) i * WORKS + work), size);
                of.add(embedder.embed(wear.apply(portrait.picture()), Optional.of(face(portrait))));
            }
            vectors.add(of);
        }
        return Verification.of(vectors);
    }

    /** The truth about a portrait as a detector would say it. */
    static Face face(Album.Portrait portrait) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < portrait.landmarks().length; i += 2) {
            points.add(new Point(portrait.landmarks()[i], portrait.landmarks()[i + 1]));
        }
        float[] box = portrait.box();
        return new Face(box[0], box[1], box[2], box[3], 1, points);
    }
}
