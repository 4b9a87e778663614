package dev.cloakproof.evaluator.index;

import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.v1.BlobReference;
import dev.cloakproof.v1.Failure;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.MetricSummary;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Progress;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunEvaluated;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.UploadReceived;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The events of a run, one second apart, with blobs that lie in a store. */
public final class TestRun {
    public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    public final String id;
    public final String subject;
    private final BlobStore blobs;
    private final RunContext context;
    private final List<PictureReference> uploaded;

    /** @param uploads contents of the pictures: equal ones are one blob */
    public TestRun(BlobStore blobs, String id, String subject, String... uploads) {
        this.blobs = blobs;
        this.id = id;
        this.subject = subject;
        this.context = RunContext.newBuilder()
                .setRun("runs/" + id)
                .setSubject(subject)
                .setCreateTime(Times.of(BEGIN))
                .setParameters(RunParameters.newBuilder().setPack("mini"))
                .addReferences(picture("reference of " + subject))
                .build();
        this.uploaded = Arrays.stream(uploads).map(this::picture).toList();
    }

    public Event<?> received() {
        return event(
                EventType.UPLOAD_RECEIVED,
                0,
                UploadReceived.newBuilder()
                        .setContext(context)
                        .addAllPictures(uploaded)
                        .build());
    }

    public Event<?> progress(Stage stage, int second, long step, double loss) {
        return event(
                EventType.RUN_PROGRESS,
                second,
                RunProgress.newBuilder()
                        .setRun("runs/" + id)
                        .setStage(stage)
                        .setProgress(Progress.newBuilder()
                                .setStep(step)
                                .setTotalSteps(10)
                                .putValues("loss", loss))
                        .build());
    }

    public Event<?> purified() {
        return event(
                EventType.IMAGES_PURIFIED,
                10,
                ImagesPurified.newBuilder()
                        .setContext(context)
                        .addAllProtectedPictures(uploaded)
                        .addPurifiedPictures(picture("purified of " + id))
                        .setRecord(record(Stage.STAGE_PURIFY, 9, 10))
                        .build());
    }

    public Event<?> trained() {
        return event(
                EventType.MODEL_TRAINED,
                20,
                ModelTrained.newBuilder()
                        .setContext(context)
                        .setModel(model())
                        .setCurve(blob("curve of " + id))
                        .addAllProtectedPictures(uploaded)
                        .addPurifiedPictures(picture("purified of " + id))
                        .setRecord(record(Stage.STAGE_TRAIN, 11, 20))
                        .build());
    }

    public Event<?> sampled() {
        return event(
                EventType.IMAGES_SAMPLED,
                30,
                ImagesSampled.newBuilder()
                        .setContext(context)
                        .setModel(model())
                        .setCurve(blob("curve of " + id))
                        .addAllProtectedPictures(uploaded)
                        .addPurifiedPictures(picture("purified of " + id))
                        .addSamples(ImagesSampled.SampledReference.newBuilder()
                                .setPicture(picture("sample of " + id))
                                .setPrompt("a photo of sks person")
                                .setSeed(7))
                        .setRecord(record(Stage.STAGE_SAMPLE, 21, 30))
                        .build());
    }

    public Event<?> evaluated() {
        return evaluated(40);
    }

    /** Said at that second: for the first time at 40, later ones repeat it. */
    public Event<?> evaluated(int second) {
        return event(
                EventType.RUN_EVALUATED,
                second,
                RunEvaluated.newBuilder()
                        .setContext(context)
                        .addScores(MetricSummary.newBuilder()
                                .setSet("samples")
                                .setMetric("liqe")
                                .setMean(3.5)
                                .setIntervalLow(3)
                                .setIntervalHigh(4)
                                .setCount(1))
                        .setReport(blob("report of " + id))
                        .setScoresJson(blob("scores of " + id))
                        .setRecord(record(Stage.STAGE_EVALUATE, 31, 40))
                        .build());
    }

    public Event<?> failed(Stage stage, int second, Reason reason) {
        return event(
                EventType.RUN_FAILED,
                second,
                RunFailed.newBuilder()
                        .setContext(context)
                        .setStage(stage)
                        .setFailure(Failure.newBuilder().setReason(reason.name()))
                        .build());
    }

    public Event<?> cancel(int second) {
        return event(
                EventType.RUN_CANCEL,
                second,
                RunCancelRequested.newBuilder()
                        .setRun("runs/" + id)
                        .setRequestedBy("tester")
                        .build());
    }

    /** A file of the model that every model has, and one of its own, behind the manifest. */
    public List<Blob> modelFiles() {
        return List.of(text("vae of all"), text("unet of " + id));
    }

    public PictureReference picture(String content) {
        return PictureReference.newBuilder()
                .setName(content + ".png")
                .setBlob(blob(content))
                .build();
    }

    public BlobReference blob(String content) {
        return reference(text(content));
    }

    private BlobReference model() {
        return reference(text("manifest of " + id));
    }

    public Blob text(String content) {
        return blobs.put(content.getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    private static BlobReference reference(Blob blob) {
        return BlobReference.newBuilder()
                .setSha256(blob.sha256())
                .setSizeBytes(blob.sizeBytes())
                .setMediaType(blob.mediaType())
                .build();
    }

    private static RequestRecord record(Stage stage, int begin, int end) {
        return RequestRecord.newBuilder()
                .setStage(stage)
                .setStartTime(Times.of(BEGIN.plusSeconds(begin)))
                .setEndTime(Times.of(BEGIN.plusSeconds(end)))
                .build();
    }

    private <M extends Message> Event<M> event(EventType<M> type, int second, M payload) {
        return Event.first(
                type, id + "-" + type.topic() + "-" + second, "/test", id, BEGIN.plusSeconds(second), payload);
    }
}
