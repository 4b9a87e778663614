package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Batches;
import dev.cloakproof.vision.image.OpenCvResize;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Face detection as CodeFormer's pipeline does it: the shorter side brought to the network's (640 pixels), confidence above
 * 0.8, overlap at most 0.4 (sczhou/CodeFormer, {@code facelib}).
 */
public final class RetinaDetector implements FaceDetector {
    /**
     * A side is at most so many times the shorter one. Unlike the original's: a long strip is made smaller instead of
     * running out of memory.
     */
    private static final double LONGEST = 6.4;

    /** Pixels that are looked through at once: four squares of 640 pixels, whose maps take about 1 GB. */
    private static final int PIXELS = 4 * 640 * 640;

    private static final double CONFIDENCE = 0.8;
    private static final double OVERLAP = 0.4;
    /** Mean of the training pictures: blue, green, red. */
    private static final float[] MEAN = {104, 117, 123};

    private final RetinaFace network;

    public RetinaDetector(RetinaFace network) {
        this.network = network;
    }

    @Override
    public List<Face> detect(Picture picture) {
        return detect(List.of(picture)).getFirst();
    }

    /** A picture at the size in which faces are looked for. */
    private record Sized(Picture picture, double scale) {}

    @Override
    public List<List<Face>> detect(List<Picture> pictures) {
        List<Sized> sized = pictures.stream().map(this::sized).toList();
        List<List<Face>> found = Batches.alike(
                sized,
                one -> one.picture().width() + "x" + one.picture().height(),
                one -> PIXELS / (one.picture().width() * one.picture().height()),
                batch -> detectAsTheyAre(batch.stream().map(Sized::picture).toList()));
        List<List<Face>> faces = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            double back = 1 / sized.get(i).scale();
            faces.add(found.get(i).stream().map(face -> face.scaled(back)).toList());
        }
        return faces;
    }

    private Sized sized(Picture picture) {
        int shorter = Math.min(picture.width(), picture.height());
        int longer = Math.max(picture.width(), picture.height());
        double side = network.config().side();
        double scale = Math.min(side / shorter, LONGEST * side / longer);
        int width = Math.max(1, (int) (picture.width() * scale));
        int height = Math.max(1, (int) (picture.height() * scale));
        return new Sized(
                scale < 1 ? OpenCvResize.area(picture, width, height) : OpenCvResize.linear(picture, width, height),
                scale);
    }

    /** Detection at the picture's own size. */
    List<Face> detectAsIs(Picture picture) {
        return detectAsTheyAre(List.of(picture)).getFirst();
    }

    private List<List<Face>> detectAsTheyAre(List<Picture> pictures) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor pixels = pixels(pictures);
            RetinaFace.Output output =
                    network.forward(pixels.to(network.device()).to(network.dtype()));
            Picture first = pictures.getFirst();
            return IntStream.range(0, pictures.size())
                    .mapToObj(i -> faces(output.row(i), first.width(), first.height()))
                    .toList();
        }
    }

    /** Pictures as the network takes them, (batch, 3, height, width). */
    public static Tensor pixels(List<Picture> pictures) {
        return Scope.result(
                () -> PictureTensors.unit(pictures).mul(255.0).flip(1).sub(Tensor.of(MEAN, 1, 3, 1, 1)));
    }

    /** The faces of one picture's output. */
    static List<Face> faces(RetinaFace.Output output, int width, int height) {
        float[] boxes = output.boxes().toFloats();
        float[] scores = output.scores().toFloats();
        float[] landmarks = output.landmarks().toFloats();
        List<PriorBox> priors = PriorBox.of(width, height);
        List<Face> faces = new ArrayList<>();
        for (int i = 0; i < priors.size(); i++) {
            float score = scores[2 * i + 1];
            if (score > CONFIDENCE) {
                faces.add(priors.get(i).decode(boxes, 4 * i, landmarks, 10 * i, score, width, height));
            }
        }
        return Suppression.keepBest(faces, OVERLAP, 0);
    }
}
