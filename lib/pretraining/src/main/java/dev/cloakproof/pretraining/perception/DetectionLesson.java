package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.face.PriorBox;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Finds faces (RetinaFace, Deng et al. 2020, without its mesh): every anchor says whether it holds a face; those that do
 * say where exactly, and where eyes, nose and mouth are. Of the anchors without a face only the most mistaken count.
 */
final class DetectionLesson implements Lesson {
    private static final double OVERLAP = 0.35;
    private static final int NEGATIVES = 7;
    private static final int LEAST_NEGATIVES = 4;
    private static final int IGNORED = -1;

    private final RetinaFace network;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final int portraits;
    private final int artworks;
    private final List<PriorBox> priors;

    DetectionLesson(RetinaFace network, Album album, Plan plan, int batch, int portraits, int artworks) {
        this.network = network;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        this.portraits = portraits;
        this.artworks = artworks;
        priors = PriorBox.of(album.size(), album.size());
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return Weights.learned(network);
    }

    @Override
    public Map<String, Tensor> buffers() {
        return Weights.statistics(network);
    }

    /** What the anchors of a batch should say. */
    private final class Truth {
        final long[] classes = new long[batch * priors.size()];
        final float[] boxes = new float[classes.length * 4];
        final float[] marks = new float[classes.length * 10];
        final List<Long> holding = new ArrayList<>();

        void add(int picture, List<Face> faces) {
            int side = album.size();
            int first = picture * priors.size();
            double[] best = new double[priors.size()];
            for (Face face : faces) {
                int nearest = 0;
                double most = -1;
                for (int i = 0; i < priors.size(); i++) {
                    double overlap = priors.get(i).overlap(face, side, side);
                    if (overlap > most) {
                        most = overlap;
                        nearest = i;
                    }
                    if (overlap > OVERLAP && overlap > best[i]) {
                        best[i] = overlap;
                        hold(first, i, face);
                    }
                }
                best[nearest] = 2;
                hold(first, nearest, face);
            }
            for (int i = 0; i < priors.size(); i++) {
                if (classes[first + i] == 1) {
                    holding.add((long) first + i);
                }
            }
        }

        private void hold(int first, int anchor, Face face) {
            int at = first + anchor;
            classes[at] = 1;
            priors.get(anchor).encode(face, boxes, 4 * at, marks, 10 * at, album.size(), album.size());
        }

        /** The classes that count: all faces, and in each picture the anchors that are most wrongly taken for one. */
        long[] mined(float[] scores) {
            long[] counted = new long[classes.length];
            Arrays.fill(counted, IGNORED);
            for (int picture = 0; picture < batch; picture++) {
                int first = picture * priors.size();
                List<Integer> others = new ArrayList<>();
                int faces = 0;
                for (int i = first; i < first + priors.size(); i++) {
                    if (classes[i] == 1) {
                        counted[i] = 1;
                        faces++;
                    } else {
                        others.add(i);
                    }
                }
                others.sort((a, b) -> Float.compare(scores[2 * b + 1], scores[2 * a + 1]));
                others.stream()
                        .limit(Math.max(LEAST_NEGATIVES, NEGATIVES * faces))
                        .forEach(i -> counted[i] = 0);
            }
            return counted;
        }
    }

    @Override
    public Outcome attempt(Draws draws) {
        List<Picture> pictures = new ArrayList<>();
        var truth = new Truth();
        for (int i = 0; i < batch; i++) {
            Scene scene = Scene.of(album, portraits, artworks, draws);
            pictures.add(scene.picture());
            truth.add(i, scene.faces());
        }
        network.parameters().training(true);
        RetinaFace.Output output = network.forward(RetinaDetector.pixels(pictures));
        network.parameters().training(false);
        long anchors = truth.classes.length;
        Tensor scores = output.scores().reshape(anchors, 2);
        Tensor counted = Tensor.of(truth.mined(scores.toFloats()), anchors);
        Tensor faces = Functions.crossEntropy(scores.add(1e-6).log(), counted, IGNORED);
        if (truth.holding.isEmpty()) {
            return new Outcome(faces, Map.of("faces", faces.item()));
        }
        Tensor holding =
                Tensor.of(truth.holding.stream().mapToLong(Long::longValue).toArray(), truth.holding.size());
        Tensor boxes = distance(output.boxes().reshape(anchors, 4), truth.boxes, 4, holding);
        Tensor marks = distance(output.landmarks().reshape(anchors, 10), truth.marks, 10, holding);
        return new Outcome(
                faces.mul(2).add(boxes, 2).add(marks),
                Map.of("faces", faces.item(), "boxes", boxes.item(), "marks", marks.item()));
    }

    /** Squares of small errors, absolute values of large ones; the mean over values of anchors that hold a face. */
    private static Tensor distance(Tensor found, float[] wanted, int values, Tensor holding) {
        Tensor error = found.indexSelect(0, holding)
                .sub(Tensor.of(wanted, wanted.length / values, values).indexSelect(0, holding))
                .abs();
        Tensor small = error.clamp(0, 1);
        return small.square().mul(0.5).add(error.sub(small)).mean();
    }

    /** Found faces in pictures of people whom nothing trains on, in scenes, and in ruined pictures. */
    @Override
    public Picture sheet() {
        var detector = new RetinaDetector(network);
        List<List<Picture>> rows = new ArrayList<>();
        for (int row = 0; row < 6; row++) {
            List<Picture> pictures = new ArrayList<>();
            for (int column = 0; column < 8; column++) {
                int n = row * 8 + column;
                Draws draws = Draws.of(n);
                Album.Portrait portrait = Album.draw(Seeds.heldOut(n), Seeds.heldOut(n), album.size());
                Picture picture =
                        switch (row) {
                            case 0 -> portrait.picture();
                            case 1 -> Wear.worse(portrait.picture(), 1, draws);
                            case 2, 3 -> Ruin.values()[n % Ruin.values().length].of(portrait.picture(), draws);
                            default ->
                                Scene.of(album, portraits, artworks, draws).picture();
                        };
                pictures.add(marked(picture, detector.detect(picture)));
            }
            rows.add(pictures);
        }
        return PortraitSheet.of(rows);
    }

    private static Picture marked(Picture picture, List<Face> faces) {
        byte[] rgb = picture.rgb();
        for (Face face : faces) {
            for (double t = 0; t <= 1; t += 0.005) {
                dot(rgb, picture, face.left() + t * face.width(), face.top());
                dot(rgb, picture, face.left() + t * face.width(), face.bottom());
                dot(rgb, picture, face.left(), face.top() + t * face.height());
                dot(rgb, picture, face.right(), face.top() + t * face.height());
            }
            for (Point mark : face.landmarks()) {
                dot(rgb, picture, mark.x(), mark.y());
                dot(rgb, picture, mark.x() + 1, mark.y());
            }
        }
        return Picture.of(picture.width(), picture.height(), rgb);
    }

    private static void dot(byte[] rgb, Picture picture, double x, double y) {
        int column = (int) x;
        int row = (int) y;
        if (column >= 0 && row >= 0 && column < picture.width() && row < picture.height()) {
            int at = (row * picture.width() + column) * 3;
            rgb[at] = 0;
            rgb[at + 1] = (byte) 255;
            rgb[at + 2] = 0;
        }
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        Weights.save(folder, "retinaface", network.config(), network, metadata);
    }

    @Override
    public void close() {
        network.close();
    }
}
