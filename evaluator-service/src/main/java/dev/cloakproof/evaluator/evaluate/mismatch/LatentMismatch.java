package dev.cloakproof.evaluator.evaluate.mismatch;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipPictures;
import dev.cloakproof.vision.quality.PromptEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Where pictures lie in CLIP's space and whether they lie nearer to sentences on a person or on noise (paper, 4.1 and
 * Figure 3). The paper tells one of its sentences; the others here are of its kind.
 */
public final class LatentMismatch {
    public static final List<String> PERSON = List.of(
            "a photo of person's face",
            "a photo of a person",
            "a portrait of a person",
            "a close-up photo of a face",
            "a photo of a human face");
    public static final List<String> NOISE = List.of(
            "a photo of noise",
            "a noisy pattern",
            "an abstract texture",
            "a photo of a noise pattern",
            "random colorful noise");

    private static final double SCALE = 100;

    private final Clip clip;
    private final PromptEncoder encoder;

    /** @param clip which stays the caller's to close */
    public LatentMismatch(Clip clip, PromptEncoder encoder) {
        this.clip = clip;
        this.encoder = encoder;
    }

    /**
     * @param pictures their places, (pictures, embedding), each of length 1
     * @param concept of the sentences on a person
     * @param noise of the sentences on noise
     * @param person how probably each picture shows a person and not noise, 0 to 1
     */
    public record Places(double[][] pictures, double[][] concept, double[][] noise, double[] person) {
        /** The part of the pictures that lies on the person's side. */
        public double onPersonsSide() {
            long count = java.util.Arrays.stream(person).filter(p -> p > 0.5).count();
            return (double) count / person.length;
        }

        /** All points one after the other: pictures, concept, noise. */
        public double[][] all() {
            List<double[]> all = new ArrayList<>(List.of(pictures));
            all.addAll(List.of(concept));
            all.addAll(List.of(noise));
            return all.toArray(double[][]::new);
        }
    }

    /** @throws IllegalArgumentException if there are no pictures */
    public Places places(List<Picture> pictures) {
        if (pictures.isEmpty()) {
            throw new IllegalArgumentException("no pictures");
        }
        double[][] concept = sentences(PERSON);
        double[][] noise = sentences(NOISE);
        double[][] points = new double[pictures.size()][];
        double[] person = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            points[i] = picture(pictures.get(i));
            double difference = SCALE * (mean(points[i], concept) - mean(points[i], noise));
            person[i] = 1 / (1 + Math.exp(-difference));
        }
        return new Places(points, concept, noise, person);
    }

    private double[] picture(Picture picture) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor pixels = ClipPictures.framed(List.of(picture), clip.config().size());
            return rows(Clip.normalise(clip.encodePictures(pixels)))[0];
        }
    }

    private double[][] sentences(List<String> sentences) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            return rows(Clip.normalise(clip.encodeTexts(encoder.encode(sentences))));
        }
    }

    /** The mean cosine. */
    private static double mean(double[] point, double[][] sentences) {
        double sum = 0;
        for (double[] sentence : sentences) {
            for (int d = 0; d < point.length; d++) {
                sum += point[d] * sentence[d] / sentences.length;
            }
        }
        return sum;
    }

    private static double[][] rows(Tensor tensor) {
        float[] values = tensor.toFloats();
        int width = Math.toIntExact(tensor.size(1));
        double[][] rows = new double[values.length / width][width];
        for (int i = 0; i < values.length; i++) {
            rows[i / width][i % width] = values[i];
        }
        return rows;
    }
}
