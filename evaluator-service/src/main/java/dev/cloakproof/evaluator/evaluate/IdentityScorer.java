package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.evaluator.evaluate.IdentityRule.FaceChoice;
import dev.cloakproof.evaluator.evaluate.IdentityRule.NoFace;
import dev.cloakproof.evaluator.evaluate.IdentityRule.Reduction;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.identity.Embeddings;
import dev.cloakproof.vision.identity.FaceEmbedder;
import dev.cloakproof.vision.identity.FaceEmbedder.Crop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** How much the person in a picture is the person in the reference pictures. */
public final class IdentityScorer {
    private final FaceDetector detector;
    private final FaceEmbedder embedder;
    private final IdentityRule rule;
    private final List<float[]> references;

    /**
     * @param value empty where the rule leaves a picture without a face out
     * @param faceFound whether a face was found
     */
    public record Likeness(OptionalDouble value, boolean faceFound) {}

    /**
     * @param references pictures of the person; every face in them counts
     * @throws ScoreException if no reference can be embedded under the rule
     */
    public IdentityScorer(FaceDetector detector, FaceEmbedder embedder, IdentityRule rule, List<Picture> references) {
        this.detector = detector;
        this.embedder = embedder;
        this.rule = rule;
        this.references = embeddings(references);
        if (this.references.isEmpty()) {
            throw new ScoreException("none of " + references.size() + " reference pictures has a face");
        }
    }

    private List<float[]> embeddings(List<Picture> pictures) {
        List<List<Face>> faces = detector.detect(pictures);
        List<Crop> crops = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            faces.get(i).forEach(face -> crops.add(new Crop(picture, Optional.of(face))));
            if (faces.get(i).isEmpty() && rule.noFace() == NoFace.WHOLE_PICTURE) {
                crops.add(new Crop(picture, Optional.empty()));
            }
        }
        return embedder.embed(crops);
    }

    /** @return one a picture, in order */
    public List<Likeness> score(List<Picture> pictures) {
        List<List<Face>> faces = detector.detect(pictures);
        List<Crop> crops = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            Optional<Face> face = chosen(faces.get(i));
            if (face.isPresent() || rule.noFace() == NoFace.WHOLE_PICTURE) {
                crops.add(new Crop(pictures.get(i), face));
            }
        }
        Iterator<float[]> embeddings = embedder.embed(crops).iterator();
        List<Likeness> likenesses = new ArrayList<>();
        for (List<Face> found : faces) {
            boolean any = !found.isEmpty();
            OptionalDouble value = any || rule.noFace() == NoFace.WHOLE_PICTURE
                    ? OptionalDouble.of(likeness(embeddings.next()))
                    : rule.noFace() == NoFace.PENALTY ? OptionalDouble.of(rule.penalty()) : OptionalDouble.empty();
            likenesses.add(new Likeness(value, any));
        }
        return likenesses;
    }

    private Optional<Face> chosen(List<Face> faces) {
        Comparator<Face> order = rule.choice() == FaceChoice.LARGEST
                ? Comparator.comparingDouble(face -> face.width() * face.height())
                : Comparator.comparingDouble(Face::score);
        return faces.stream().max(order);
    }

    double likeness(float[] embedding) {
        double[] cosines = rule.reduction() == Reduction.COSINE_TO_MEAN
                ? new double[] {Embeddings.cosine(embedding, mean())}
                : references.stream()
                        .mapToDouble(reference -> Embeddings.cosine(embedding, reference))
                        .toArray();
        double sum = 0;
        int counted = 0;
        for (double cosine : cosines) {
            if (rule.farthest().isEmpty() || 1 - cosine <= rule.farthest().getAsDouble()) {
                sum += cosine;
                counted++;
            }
        }
        return counted == 0 ? rule.penalty() : sum / counted;
    }

    /** Of the references at length 1. */
    private float[] mean() {
        float[] mean = new float[references.getFirst().length];
        for (float[] reference : references) {
            float[] unit = Embeddings.unit(reference);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += unit[i] / references.size();
            }
        }
        return mean;
    }
}
