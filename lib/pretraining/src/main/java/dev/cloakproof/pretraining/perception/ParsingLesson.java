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
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.vision.face.Alignment;
import dev.cloakproof.vision.face.FaceParts;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.image.AffineMap;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.Warp;
import dev.cloakproof.vision.restore.ParseNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Labels the parts of aligned faces, and draws them clean, as ParseNet's authors had it (Chen et al. 2021). */
final class ParsingLesson implements Lesson {
    private static final double TEMPLATE = 512;
    private static final int[] BORDER = {132, 133, 135};
    private static final double UNSURE = 0.01;

    private final ParseNet network;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final int portraits;

    ParsingLesson(ParseNet network, Album album, Plan plan, int batch, int portraits) {
        this.network = network;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        this.portraits = portraits;
    }

    /**
     * An aligned face and its labels.
     *
     * @param labels ParseNet's classes, row by row
     */
    record Example(Picture face, long[] labels) {
        /** @param off standard deviation of the landmarks in pixels */
        static Example of(Album.Portrait portrait, int size, double off, Draws draws) {
            List<Point> seen = RecognitionEvidence.face(portrait).landmarks().stream()
                    .map(p -> new Point(
                            p.x() + off * draws.numbers().nextGaussian(),
                            p.y() + off * draws.numbers().nextGaussian()))
                    .toList();
            AffineMap map = Alignment.leastMedian(seen, Alignment.FFHQ_512).scaled(size / TEMPLATE);
            return new Example(
                    Warp.picture(portrait.picture(), map, Frame.of(size, size), BORDER),
                    FaceLabels.mapped(portrait.parts(), portrait.picture().width(), map, size));
        }
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

    @Override
    public Outcome attempt(Draws draws) {
        int size = network.config().size();
        List<Picture> clean = new ArrayList<>();
        List<Picture> seen = new ArrayList<>();
        long[] labels = new long[batch * size * size];
        for (int i = 0; i < batch; i++) {
            Album.Portrait portrait = album.portrait(draws.below(portraits));
            Example example = Example.of(portrait, size, UNSURE * album.size(), draws);
            Picture face = draws.chance(0.5) ? Wear.coloured(example.face(), draws) : example.face();
            clean.add(face);
            seen.add(draws.chance(0.4) ? Wear.worse(face, 0.5, draws) : face);
            System.arraycopy(example.labels(), 0, labels, i * size * size, size * size);
        }
        network.parameters().training(true);
        ParseNet.Output output = network.forward(PictureTensors.signed(seen));
        network.parameters().training(false);
        Tensor classes = Functions.crossEntropy(output.classes(), Tensor.of(labels, batch, size, size), -1);
        Tensor image = output.image().sub(PictureTensors.signed(clean)).abs().mean();
        long[] found = output.classes().argmax(1).toLongs();
        int right = 0;
        for (int i = 0; i < found.length; i++) {
            right += found[i] == labels[i] ? 1 : 0;
        }
        return new Outcome(
                classes.add(image, 0.3),
                Map.of(
                        "classes", classes.item(),
                        "image", image.item(),
                        "right", (double) right / found.length));
    }

    /** Faces that nothing trains on, their labels and the truth. */
    @Override
    public Picture sheet() {
        int size = network.config().size();
        List<Picture> faces = new ArrayList<>();
        List<Picture> found = new ArrayList<>();
        List<Picture> truth = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Album.Portrait portrait = Album.draw(Seeds.heldOut(i), Seeds.heldOut(i), album.size());
            Example example = Example.of(portrait, size, 0, Draws.of(i));
            faces.add(example.face());
            found.add(painted(
                    network.classes(PictureTensors.signed(List.of(example.face())))
                            .argmax(1)
                            .toLongs(),
                    size));
            truth.add(painted(example.labels(), size));
        }
        return PortraitSheet.of(List.of(faces, found, truth));
    }

    private static Picture painted(long[] labels, int size) {
        byte[] rgb = new byte[3 * labels.length];
        for (int i = 0; i < labels.length; i++) {
            int hash = (int) (labels[i] * 0x9E3779B1L >>> 8);
            rgb[3 * i] = (byte) (hash >> 16);
            rgb[3 * i + 1] = (byte) (hash >> 8);
            rgb[3 * i + 2] = (byte) hash;
        }
        return Picture.of(size, size, rgb);
    }

    /**
     * Of held-out faces.
     *
     * @param labels share of pixels that are labelled rightly
     * @param face intersection over union of what is pasted back
     */
    record Evidence(double labels, double face) {}

    static Evidence measure(ParseNet network, int people, int side) {
        int size = network.config().size();
        double right = 0;
        double both = 0;
        double either = 0;
        for (int i = 0; i < people; i++) {
            Album.Portrait portrait = Album.draw(Seeds.heldOut(i), Seeds.heldOut(i), side);
            Example example = Example.of(portrait, size, UNSURE * side, Draws.of(i));
            long[] found = network.classes(PictureTensors.signed(List.of(example.face())))
                    .argmax(1)
                    .toLongs();
            for (int k = 0; k < found.length; k++) {
                boolean taken = FaceParts.counts((int) found[k]);
                boolean wanted = FaceParts.counts((int) example.labels()[k]);
                right += found[k] == example.labels()[k] ? 1 : 0;
                both += taken && wanted ? 1 : 0;
                either += taken || wanted ? 1 : 0;
            }
        }
        return new Evidence(right / ((double) people * size * size), both / either);
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        Weights.save(folder, "parsenet", network.config(), network, metadata);
    }

    @Override
    public void close() {
        network.close();
    }
}
