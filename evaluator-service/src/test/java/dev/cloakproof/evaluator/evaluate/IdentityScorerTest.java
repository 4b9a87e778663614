package dev.cloakproof.evaluator.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.evaluator.evaluate.IdentityRule.FaceChoice;
import dev.cloakproof.evaluator.evaluate.IdentityRule.NoFace;
import dev.cloakproof.evaluator.evaluate.IdentityRule.Reduction;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.identity.FaceEmbedder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** A face is a picture's column: its red level is an angle in degrees, its green level the detector's confidence. */
class IdentityScorerTest {
    private static final FaceDetector DETECTOR = picture -> {
        List<Face> faces = new ArrayList<>();
        for (int x = 0; x < picture.width(); x++) {
            if (picture.sample(x, 0, 1) > 0) {
                int size = picture.sample(x, 0, 2) + 1;
                double score = picture.sample(x, 0, 1) / 255.0;
                faces.add(new Face(x, 0, x + size, size, score, Collections.nCopies(5, new Point(0, 0))));
            }
        }
        return faces;
    };
    private static final FaceEmbedder EMBEDDER =
            crops -> crops.stream().map(IdentityScorerTest::embedded).toList();

    private static float[] embedded(FaceEmbedder.Crop crop) {
        int x = crop.face().map(found -> (int) found.left()).orElse(0);
        double angle = Math.toRadians(crop.picture().sample(x, 0, 0));
        return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
    }

    @Test
    void arcFaceIsTheMeanOfCosines() {
        var scorer = scorer(IdentityRule.ARCFACE, picture(0, 200, 0), picture(60, 200, 0));
        assertThat(value(scorer, picture(0, 200, 0))).isCloseTo((1 + 0.5) / 2, within(1e-6));
        assertThat(value(scorer, picture(120, 200, 0))).isCloseTo((-0.5 + 0.5) / 2, within(1e-6));
        assertThat(score(scorer, picture(0, 200, 0)).faceFound()).isTrue();
    }

    @Test
    void aPictureWithoutAFaceHasThePenaltyAndSaysSo() {
        var scorer = scorer(IdentityRule.ARCFACE, picture(0, 200, 0));
        IdentityScorer.Likeness likeness = score(scorer, picture(0, 0, 0));
        assertThat(likeness.value()).hasValue(-1);
        assertThat(likeness.faceFound()).isFalse();
        var plain = scorer(IdentityRule.PLAIN, picture(0, 200, 0));
        assertThat(score(plain, picture(0, 0, 0)).value()).isEmpty();
    }

    @Test
    void vggFaceHasMinusOneOrAtLeastSixTenths() {
        var scorer = scorer(IdentityRule.VGG_FACE, picture(0, 200, 0), picture(90, 200, 0));
        assertThat(value(scorer, picture(45, 200, 0))).isCloseTo(Math.sqrt(0.5), within(1e-6));
        assertThat(value(scorer, picture(20, 200, 0)))
                .as("only the near reference counts")
                .isCloseTo(Math.cos(Math.toRadians(20)), within(1e-6));
        assertThat(value(scorer, picture(180, 200, 0))).isEqualTo(-1);
        IdentityScorer.Likeness whole = score(scorer, picture(0, 0, 0));
        assertThat(whole.value().getAsDouble()).as("taken whole").isCloseTo(1, within(1e-6));
        assertThat(whole.faceFound()).isFalse();
    }

    @Test
    void oneOfSeveralFacesCounts() {
        // angle, confidence, size of two faces
        Picture two = picture(0, 100, 50, 90, 250, 3);
        var rule = new IdentityRule(
                NoFace.PENALTY, FaceChoice.LARGEST, OptionalDouble.empty(), -1, Reduction.MEAN_OF_COSINES);
        assertThat(value(scorer(rule, picture(0, 200, 0)), two)).isCloseTo(1, within(1e-6));
        assertThat(value(scorer(IdentityRule.ARCFACE, picture(0, 200, 0)), two)).isCloseTo(0, within(1e-6));
    }

    @Test
    void theMeanReferenceMayBeComparedInstead() {
        var rule = new IdentityRule(
                NoFace.PENALTY, FaceChoice.LARGEST, OptionalDouble.empty(), -1, Reduction.COSINE_TO_MEAN);
        var scorer = scorer(rule, picture(0, 200, 0), picture(60, 200, 0));
        assertThat(value(scorer, picture(30, 200, 0))).isCloseTo(1, within(1e-6));
    }

    /** Some without a face, which shifts what is embedded against what is asked. */
    @Test
    void aPictureHasAmongOthersWhatItHasAlone() {
        List<Picture> pictures = List.of(
                picture(0, 0, 0),
                picture(30, 200, 0),
                picture(9, 0, 0),
                picture(0, 100, 50, 90, 250, 3),
                picture(60, 9, 0));
        for (IdentityRule rule : List.of(IdentityRule.ARCFACE, IdentityRule.VGG_FACE, IdentityRule.PLAIN)) {
            var scorer = scorer(rule, picture(0, 200, 0), picture(90, 200, 0));
            List<IdentityScorer.Likeness> together = scorer.score(pictures);
            for (int i = 0; i < pictures.size(); i++) {
                assertThat(together.get(i)).isEqualTo(score(scorer, pictures.get(i)));
            }
        }
    }

    @Test
    void facesOfThePicturesAtHandAreLookedForOnce() {
        int[] asked = {0};
        var once = new FacesOnce(picture -> {
            asked[0]++;
            return DETECTOR.detect(picture);
        });
        Picture one = picture(0, 200, 0);
        Picture equal = picture(0, 200, 0);
        assertThat(once.detect(List.of(one, equal))).isEqualTo(DETECTOR.detect(List.of(one, equal)));
        assertThat(once.detect(one)).hasSize(1);
        assertThat(asked[0]).isEqualTo(2);
        assertThat(once.detect(picture(0, 0, 0))).isEmpty();
        assertThat(once.detect(one)).hasSize(1);
        assertThat(asked[0]).isEqualTo(4);
    }

    @Test
    void referencesWithoutAnyFaceAreRefused() {
        assertThatThrownBy(() -> scorer(IdentityRule.ARCFACE, picture(0, 0, 0), picture(9, 0, 0)))
                .isInstanceOf(ScoreException.class)
                .hasMessage("none of 2 reference pictures has a face");
    }

    private static IdentityScorer scorer(IdentityRule rule, Picture... references) {
        return new IdentityScorer(DETECTOR, EMBEDDER, rule, List.of(references));
    }

    private static double value(IdentityScorer scorer, Picture picture) {
        return score(scorer, picture).value().orElseThrow();
    }

    private static IdentityScorer.Likeness score(IdentityScorer scorer, Picture picture) {
        return scorer.score(List.of(picture)).getFirst();
    }

    /** Three levels a pixel, one row. */
    private static Picture picture(int... levels) {
        byte[] rgb = new byte[levels.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) levels[i];
        }
        return Picture.of(levels.length / 3, 1, rgb);
    }
}
