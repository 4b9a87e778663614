package dev.cloakproof.pretraining.perception;

import dev.cloakproof.vision.identity.Embeddings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well vectors tell whether two pictures show one person.
 *
 * @param accuracy where as many of both kinds of pairs are mistaken
 * @param threshold the cosine where that is
 * @param same the mean cosine of two pictures of one person
 * @param different the mean cosine of two people
 */
record Verification(double accuracy, double threshold, double same, double different) {

    /** @param people the vectors of every person's pictures */
    static Verification of(List<List<float[]>> people) {
        List<Double> same = new ArrayList<>();
        List<Double> different = new ArrayList<>();
        for (int a = 0; a < people.size(); a++) {
            for (int b = a; b < people.size(); b++) {
                for (int i = 0; i < people.get(a).size(); i++) {
                    for (int j = a == b ? i + 1 : 0; j < people.get(b).size(); j++) {
                        (a == b ? same : different)
                                .add(Embeddings.cosine(
                                        people.get(a).get(i), people.get(b).get(j)));
                    }
                }
            }
        }
        double[] near = sorted(same);
        double[] far = sorted(different);
        // The share of pairs of one person that is refused at a cosine grows with it, that of others falls.
        int at = 0;
        while (at < near.length && (double) at / near.length < above(far, near[at])) {
            at++;
        }
        double threshold = near[Math.min(at, near.length - 1)];
        double mistaken = ((double) at / near.length + above(far, threshold)) / 2;
        return new Verification(
                1 - mistaken,
                threshold,
                Arrays.stream(near).average().orElseThrow(),
                Arrays.stream(far).average().orElseThrow());
    }

    private static double[] sorted(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    /** The share of sorted values at or above a cosine. */
    private static double above(double[] sorted, double cosine) {
        int at = Arrays.binarySearch(sorted, cosine);
        int first = at < 0 ? -at - 1 : at;
        return (double) (sorted.length - first) / sorted.length;
    }
}
