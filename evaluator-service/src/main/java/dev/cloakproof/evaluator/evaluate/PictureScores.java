package dev.cloakproof.evaluator.evaluate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scores of one picture.
 *
 * @param faceFound whether a face was found; empty where no scorer looked
 * @param problems why scores are missing
 */
public record PictureScores(
        String name, Map<Metric, Double> scores, Optional<Boolean> faceFound, List<String> problems) {
    private static final double IDENTITY_WEIGHT = 0.7;

    public PictureScores {
        var copy = new EnumMap<Metric, Double>(Metric.class);
        copy.putAll(scores);
        scores = Collections.unmodifiableMap(copy);
        problems = List.copyOf(problems);
    }

    /** Adds what follows from the scores that are there: IMS, Q, Q by LIQE alone, the average. */
    static void derive(Map<Metric, Double> scores) {
        Double ip = scores.get(Metric.IMS_IP);
        Double vgg = scores.get(Metric.IMS_VGG);
        if (ip != null && vgg != null) {
            scores.put(Metric.IMS, IDENTITY_WEIGHT * ip + (1 - IDENTITY_WEIGHT) * vgg);
        }
        Double liqe = scores.get(Metric.LIQE);
        Double iqac = scores.get(Metric.CLIP_IQAC);
        if (liqe != null) {
            scores.put(Metric.Q_LIQE, (liqe - 1) / 2 - 1);
        }
        if (liqe != null && iqac != null) {
            scores.put(Metric.Q, (scores.get(Metric.Q_LIQE) + iqac) / 2);
        }
        if (scores.containsKey(Metric.IMS) && scores.containsKey(Metric.Q)) {
            scores.put(Metric.AVERAGE, (scores.get(Metric.IMS) + scores.get(Metric.Q)) / 2);
        }
    }
}
