package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.identity.FaceEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells people apart: the cosine of a face with its own person's direction has to exceed that with all others by a
 * margin (CosFace, Wang et al. 2018). Faces are cut out as a detector that errs a little would, and worn.
 */
final class RecognitionLesson implements Lesson {
    private static final double SCALE = 20;
    private static final double MARGIN = 0.25;
    /** Standard deviation of landmarks, as part of the picture's side. */
    private static final double UNSURE = 0.012;

    /** People over whom a finished network's decision is made, and pictures of each. */
    private static final int ASKED = 100;

    private static final int EACH = 4;

    private final Recogniser recogniser;
    private final Crowd crowd;
    private final Plan plan;
    private final int batch;
    private final Parameters head;
    private final Tensor directions; // (people, embedding)

    /** @param head gives the people's first directions, of which the length does not count */
    RecognitionLesson(Recogniser recogniser, Crowd crowd, Plan plan, int batch, Parameters head) {
        this.recogniser = recogniser;
        this.crowd = crowd;
        this.plan = plan;
        this.batch = batch;
        this.head = head;
        directions = head.get("directions", Init.normal(1), crowd.people(), recogniser.embedding());
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>(Weights.learned(recogniser.network()));
        parameters.putAll(head.all());
        return parameters;
    }

    @Override
    public Map<String, Tensor> buffers() {
        return Weights.statistics(recogniser.network());
    }

    @Override
    public Outcome attempt(Draws draws) {
        List<Picture> faces = new ArrayList<>();
        long[] people = new long[batch];
        for (int i = 0; i < batch; i++) {
            int person = draws.below(crowd.people());
            people[i] = person;
            faces.add(cutOut(crowd.portrait(person, draws.below(Album.WORKS)), draws));
        }
        recogniser.network().parameters().training(true);
        Tensor vectors = Clip.normalise(recogniser.forward(recogniser.pixels(faces)));
        recogniser.network().parameters().training(false);
        Tensor cosines = vectors.matmul(Clip.normalise(directions).transpose(0, 1)); // (batch, people)
        double right = right(cosines, people);
        Tensor logits = cosines.sub(margins(people)).mul(SCALE);
        return new Outcome(Functions.crossEntropy(logits, Tensor.of(people, batch), -1), Map.of("right", right));
    }

    private Picture cutOut(Album.Portrait portrait, Draws draws) {
        Picture picture = portrait.picture();
        if (draws.chance(0.4)) {
            picture = Wear.worse(picture, 0.45, draws);
        }
        Picture framed = recogniser.framed(picture, seen(portrait, UNSURE * picture.width(), draws));
        framed = Wear.coloured(framed, draws);
        return draws.chance(0.3) ? Wear.covered(framed, 0.4, draws) : framed;
    }

    /** The truth, a few pixels off. */
    private static Face seen(Album.Portrait portrait, double off, Draws draws) {
        float[] marks = portrait.landmarks();
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < marks.length; i += 2) {
            points.add(new Point(
                    marks[i] + off * draws.numbers().nextGaussian(),
                    marks[i + 1] + off * draws.numbers().nextGaussian()));
        }
        double[] box = new double[4];
        for (int i = 0; i < 4; i++) {
            box[i] = portrait.box()[i] + 2 * off * draws.numbers().nextGaussian();
        }
        return new Face(box[0], box[1], box[2], box[3], 1, points);
    }

    private Tensor margins(long[] people) {
        float[] margins = new float[batch * crowd.people()];
        for (int i = 0; i < batch; i++) {
            margins[i * crowd.people() + (int) people[i]] = (float) MARGIN;
        }
        return Tensor.of(margins, batch, crowd.people());
    }

    private static double right(Tensor cosines, long[] people) {
        long[] found = cosines.argmax(1).toLongs();
        int right = 0;
        for (int i = 0; i < found.length; i++) {
            right += found[i] == people[i] ? 1 : 0;
        }
        return (double) right / found.length;
    }

    /** What the network gets to see: a row for every person. */
    @Override
    public Picture sheet() {
        List<List<Picture>> rows = new ArrayList<>();
        for (int row = 0; row < 6; row++) {
            List<Picture> faces = new ArrayList<>();
            for (int work = 0; work < Album.WORKS; work++) {
                int person = row * crowd.people() / 6;
                faces.add(cutOut(crowd.portrait(person, work), Draws.of(row * Album.WORKS + work)));
            }
            rows.add(faces);
        }
        return PortraitSheet.of(rows);
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        recogniser.save(folder, metadata, this::verification);
    }

    private Verification verification(FaceEmbedder embedder) {
        List<List<float[]>> people = new ArrayList<>();
        for (int i = 0; i < Math.min(ASKED, crowd.people()); i++) {
            List<float[]> vectors = new ArrayList<>();
            for (int work = 0; work < EACH; work++) {
                Album.Portrait portrait = crowd.portrait(i, work);
                vectors.add(embedder.embed(portrait.picture(), Optional.of(RecognitionEvidence.face(portrait))));
            }
            people.add(vectors);
        }
        return Verification.of(people);
    }

    @Override
    public void close() {
        recogniser.network().close();
        head.close();
    }
}
