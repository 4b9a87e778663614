package dev.cloakproof.evaluator.work;

import dev.cloakproof.evaluator.evaluate.Evaluation;
import dev.cloakproof.evaluator.evaluate.Evaluation.Sample;
import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.PictureScores;
import dev.cloakproof.evaluator.evaluate.RunEvaluation.Question;
import dev.cloakproof.evaluator.evaluate.ScoreReport;
import dev.cloakproof.evaluator.evaluate.ScorerSet;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.limits.BatchLimits;
import dev.cloakproof.platform.limits.Batcher;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.tensor.image.Picture;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The calls that score pictures: one after the other, behind a bounded queue. */
public final class Evaluations implements AutoCloseable {
    private final PackNetworks networks;
    private final Batcher<String, Order, ScoreReport> queue;

    /**
     * What to score.
     *
     * @param named whether the metrics were named, so that one that cannot be given is an error
     */
    public record Order(
            List<String> names,
            List<Picture> pictures,
            List<Picture> references,
            Question question,
            boolean named,
            Optional<ServicePack> pack) {}

    /** @param capacity calls that may wait */
    public Evaluations(PackNetworks networks, int capacity, InstantSource clock) {
        this.networks = networks;
        this.queue = new Batcher<>(
                "evaluations",
                new BatchLimits(capacity, 1, Duration.ZERO),
                (_, orders, stillWanted) -> List.of(score(orders.getFirst(), stillWanted)),
                clock);
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException QUEUE_FULL or SHUTTING_DOWN */
    public CompletableFuture<ScoreReport> submit(Order order, Optional<Instant> deadline) {
        return queue.submit("", order, deadline);
    }

    private ScoreReport score(Order order, Runnable stillWanted) {
        boolean pairs = order.references().size() == order.pictures().size();
        try (var scorers = ScorerSet.open(
                networks.of(order.pack()),
                order.question().metrics(),
                order.references(),
                pairs,
                order.question().noun())) {
            if (order.named()) {
                refuse(scorers);
            }
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < order.pictures().size(); i++) {
                Picture picture = order.pictures().get(i);
                Picture reference = pairs ? order.references().get(i) : null;
                samples.add(new Sample(order.names().get(i), () -> picture, pairs ? () -> reference : null));
            }
            return new Evaluation(scorers.scorers()).score(samples, new Evaluation.Watch() {
                @Override
                public void scored(PictureScores row) {
                    // all of them are the answer
                }

                @Override
                public void working() {
                    stillWanted.run();
                }
            });
        }
    }

    private static void refuse(ScorerSet scorers) {
        scorers.missing().entrySet().stream().findFirst().ifPresent(missing -> {
            Metric metric = missing.getKey();
            boolean input = missing.getValue().startsWith("there ") && metric.needs() != Metric.Needs.NOTHING;
            throw (input ? Reason.PARAMETER_INVALID : Reason.PACK_MISSING)
                    .problem("expected what " + metric.id() + " needs: " + missing.getValue())
                    .with("metric", metric.id())
                    .at(input ? "references" : "parameters.metrics", missing.getValue())
                    .exception();
        });
    }

    @Override
    public void close() {
        queue.close();
    }
}
