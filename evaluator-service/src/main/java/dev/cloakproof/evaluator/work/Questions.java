package dev.cloakproof.evaluator.work;

import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.RunEvaluation.Question;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.v1.EvaluationParameters;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What a request's parameters ask for. All presets ask for all metrics: where they differ, each has its own. */
public final class Questions {
    private static final int RESAMPLES = 1000;
    private static final int MOST_RESAMPLES = 100_000;
    private static final int LONGEST_NOUN = 60;
    private static final String NOUN = "person";

    private Questions() {}

    /** @throws dev.cloakproof.platform.errors.CloakproofException METRIC_UNKNOWN or PARAMETER_INVALID */
    public static Question of(EvaluationParameters parameters) {
        Set<Metric> metrics = EnumSet.noneOf(Metric.class);
        for (String id : parameters.getMetricsList()) {
            metrics.add(Metric.of(id).orElseThrow(() -> unknown(id).exception()));
        }
        int resamples = parameters.hasBootstrapResamples() ? parameters.getBootstrapResamples() : RESAMPLES;
        if (resamples < 0 || resamples > MOST_RESAMPLES) {
            throw Reason.PARAMETER_INVALID
                    .problem("expected 0 to " + MOST_RESAMPLES + " resamples, found " + resamples)
                    .at("parameters.bootstrap_resamples", "0 to " + MOST_RESAMPLES)
                    .exception();
        }
        if (parameters.getClassNoun().length() > LONGEST_NOUN) {
            throw Reason.PARAMETER_INVALID
                    .problem("expected a class noun of at most " + LONGEST_NOUN + " characters, found "
                            + parameters.getClassNoun().length())
                    .at("parameters.class_noun", "at most " + LONGEST_NOUN + " characters")
                    .exception();
        }
        return new Question(
                metrics.isEmpty() ? EnumSet.allOf(Metric.class) : metrics,
                parameters.getClassNoun().isBlank() ? NOUN : parameters.getClassNoun(),
                resamples);
    }

    /** The parameters with nothing left out. */
    public static EvaluationParameters filled(EvaluationParameters asked, Question question) {
        EvaluationParameters.Builder filled = asked.toBuilder().clearMetrics();
        question.metrics().forEach(metric -> filled.addMetrics(metric.id()));
        return filled.setClassNoun(question.noun())
                .setBootstrapResamples(question.resamples())
                .build();
    }

    private static Problem unknown(String id) {
        return Reason.METRIC_UNKNOWN
                .problem("expected one of "
                        + Arrays.stream(Metric.values()).map(Metric::id).toList() + ", found \"" + id + "\"")
                .with("metric", id)
                .at("parameters.metrics", "a metric of ListMetrics");
    }
}
