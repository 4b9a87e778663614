package dev.cloakproof.evaluator.grpc;

import dev.cloakproof.evaluator.evaluate.Bootstrap;
import dev.cloakproof.evaluator.evaluate.Interval;
import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.RunEvaluation.Question;
import dev.cloakproof.evaluator.evaluate.RunScores;
import dev.cloakproof.evaluator.evaluate.ScoreReport;
import dev.cloakproof.evaluator.work.Evaluations;
import dev.cloakproof.evaluator.work.PackNetworks;
import dev.cloakproof.evaluator.work.Questions;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.v1.EvaluateRequest;
import dev.cloakproof.v1.EvaluateResponse;
import dev.cloakproof.v1.EvaluationServiceGrpc;
import dev.cloakproof.v1.ListMetricsRequest;
import dev.cloakproof.v1.ListMetricsResponse;
import dev.cloakproof.v1.MetricDescription;
import dev.cloakproof.v1.MetricSummary;
import dev.cloakproof.v1.PictureScores;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The contract's EvaluationService. */
@GrpcService
@Blocking
class EvaluationEndpoint extends EvaluationServiceGrpc.EvaluationServiceImplBase {
    private static final int MOST_PICTURES = 64;

    private final Evaluations evaluations;
    private final PackNetworks packs;

    EvaluationEndpoint(Evaluations evaluations, PackNetworks packs) {
        this.evaluations = evaluations;
        this.packs = packs;
    }

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> answers) {
        CompletableFuture<ScoreReport> work;
        Question question;
        try {
            question = Questions.of(request.getParameters());
            work = evaluations.submit(order(request, question), Calls.deadline());
        } catch (RuntimeException refused) {
            Calls.fail(answers, refused);
            return;
        }
        ((ServerCallStreamObserver<EvaluateResponse>) answers).setOnCancelHandler(() -> work.cancel(false));
        work.whenComplete((report, failure) -> {
            if (failure == null) {
                answers.onNext(response(report, question));
                answers.onCompleted();
            } else {
                Calls.fail(answers, failure);
            }
        });
    }

    private Evaluations.Order order(EvaluateRequest request, Question question) {
        require(request.getPicturesCount(), 1, "pictures");
        require(request.getReferencesCount(), 0, "references");
        return new Evaluations.Order(
                request.getPicturesList().stream()
                        .map(dev.cloakproof.v1.Picture::getName)
                        .toList(),
                decoded(request.getPicturesList()),
                decoded(request.getReferencesList()),
                question,
                request.getParameters().getMetricsCount() > 0,
                packs.find(request.getPack()));
    }

    private static void require(int count, int least, String field) {
        if (count < least || count > MOST_PICTURES) {
            throw Reason.PARAMETER_INVALID
                    .problem("expected " + least + " to " + MOST_PICTURES + " " + field + ", found " + count)
                    .at(field, least + " to " + MOST_PICTURES)
                    .exception();
        }
    }

    private static List<Picture> decoded(List<dev.cloakproof.v1.Picture> pictures) {
        return pictures.stream()
                .map(picture -> StoredPictures.decode(
                        picture.getName(), picture.getContent().toByteArray()))
                .toList();
    }

    private static EvaluateResponse response(ScoreReport report, Question question) {
        var response = EvaluateResponse.newBuilder();
        report.pictures().forEach(row -> {
            PictureScores.Builder scores = response.addPicturesBuilder().setName(row.name());
            row.scores().forEach((metric, value) -> {
                if (question.metrics().contains(metric)) {
                    scores.putScores(metric.id(), value);
                }
            });
        });
        for (Metric metric : question.metrics()) {
            double[] values = report.values(metric);
            if (values.length > 0) {
                response.addSummaries(summary(metric, values, question.resamples()));
            }
        }
        return response.build();
    }

    private static MetricSummary summary(Metric metric, double[] values, int resamples) {
        MetricSummary.Builder summary =
                MetricSummary.newBuilder().setMetric(metric.id()).setCount(values.length);
        if (resamples == 0) {
            return summary.setMean(Arrays.stream(values).average().orElseThrow())
                    .build();
        }
        Interval interval = Bootstrap.mean(values, RunScores.CONFIDENCE, resamples, RunScores.SEED);
        return summary.setMean(interval.mean())
                .setIntervalLow(interval.low())
                .setIntervalHigh(interval.high())
                .build();
    }

    @Override
    public void listMetrics(ListMetricsRequest request, StreamObserver<ListMetricsResponse> answers) {
        Calls.answer(answers, () -> {
            var response = ListMetricsResponse.newBuilder();
            Arrays.stream(Metric.values())
                    .sorted(Comparator.comparing(Metric::id))
                    .map(metric -> MetricDescription.newBuilder()
                            .setMetric(metric.id())
                            .setDescription(metric.meaning())
                            .setMinimum(metric.least())
                            .setMaximum(metric.most())
                            .setHigherIsBetter(metric.better() == Metric.Direction.HIGHER)
                            .setNeedsReferences(metric.needs() != Metric.Needs.NOTHING)
                            .setSource(metric.source()))
                    .forEach(response::addMetrics);
            return response.build();
        });
    }
}
