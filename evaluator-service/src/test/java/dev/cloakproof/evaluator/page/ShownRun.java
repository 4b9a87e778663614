package dev.cloakproof.evaluator.page;

import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.portraits.face.PortraitDomain;
import dev.cloakproof.service.records.References;
import dev.cloakproof.tensor.image.GaussianBlur;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.EvaluationParameters;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.ImagesSampled.SampledReference;
import dev.cloakproof.v1.ModelTrained;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.Progress;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.TrainingParameters;
import dev.cloakproof.v1.UploadReceived;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** A run as the line would make it, of portraits of people who do not exist. */
final class ShownRun {
    /** Names and prompts come from outside. */
    static final String HOSTILE = "<img src=x onerror=alert(1)> & \"quoted\"";

    private static final int SIDE = 128;
    private static final int STEPS = 120;

    final String id = "r-" + UUID.randomUUID();
    final String subject;
    private final Instant begin = Instant.now().minusSeconds(600);
    private final BlobStore blobs;
    private final RunContext context;

    ShownRun(BlobStore blobs, String subject) {
        this.blobs = blobs;
        this.subject = subject;
        this.context = RunContext.newBuilder()
                .setRun("runs/" + id)
                .setSubject(subject)
                .setCreateTime(References.timestamp(begin))
                .setAuthorization(AuthorizationRecord.newBuilder()
                        .setRightsHolder("Nobody: the portraits are drawn")
                        .setBasis(AuthorizationRecord.Basis.BASIS_SYNTHETIC)
                        .setReference("lib/portraits")
                        .setGrantTime(References.timestamp(begin)))
                .setParameters(RunParameters.newBuilder()
                        .setPurification(PurificationParameters.newBuilder()
                                .setMethod("gaussian(kernel=5) | jpeg")
                                .setPreset(Preset.PRESET_PAPER))
                        .setTraining(TrainingParameters.newBuilder()
                                .setSteps(STEPS)
                                .setLearningRate(5e-4)
                                .setDecoupling(true)
                                .setInstancePrompt("a photo of sks person"))
                        .setEvaluation(EvaluationParameters.newBuilder().setBootstrapResamples(200)))
                .addReferences(stored("clean.png", portrait(9, SIDE)))
                .build();
    }

    private static Picture portrait(int work, int side) {
        return new PortraitDomain().render(900_001, work, side);
    }

    /** With noise that a cloak might be. */
    private static Picture cloaked(Picture picture, int seed) {
        byte[] rgb = picture.rgb().clone();
        Random random = new Random(seed);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.clamp((rgb[i] & 0xFF) + random.nextInt(-22, 23), 0, 255);
        }
        return Picture.of(picture.width(), picture.height(), rgb);
    }

    private PictureReference stored(String name, Picture picture) {
        return PictureReference.newBuilder()
                .setName(name)
                .setBlob(References.of(blobs.put(PictureWriter.png(picture), "image/png")))
                .setWidth(picture.width())
                .setHeight(picture.height())
                .build();
    }

    Event<?> received() {
        return event(
                EventType.UPLOAD_RECEIVED,
                UploadReceived.newBuilder().setContext(context).build());
    }

    Event<?> purified() {
        var event = ImagesPurified.newBuilder().setContext(context).setRecord(record(Stage.STAGE_PURIFY, 10, 25));
        for (int i = 0; i < 3; i++) {
            Picture picture = cloaked(portrait(i, SIDE), i);
            event.addProtectedPictures(stored(i == 2 ? HOSTILE : "portrait-" + i + ".png", picture));
            event.addPurifiedPictures(stored("portrait-" + i + ".png", GaussianBlur.of(picture, 5)));
        }
        return event(EventType.IMAGES_PURIFIED, event.build());
    }

    Event<?> training(long step) {
        return event(
                EventType.RUN_PROGRESS,
                RunProgress.newBuilder()
                        .setRun("runs/" + id)
                        .setStage(Stage.STAGE_TRAIN)
                        .setProgress(Progress.newBuilder()
                                .setStep(step)
                                .setTotalSteps(STEPS)
                                .setMessage("training")
                                .putValues("loss", loss(step)))
                        .build());
    }

    private static double loss(long step) {
        return 0.12 + 0.5 * Math.exp(-step / 30.0) + 0.05 * Math.sin(step * 1.7);
    }

    Event<?> trained() {
        ImagesPurified purified = (ImagesPurified) purified().payload();
        StringBuilder curve = new StringBuilder();
        for (int step = 1; step <= STEPS; step++) {
            curve.append("{\"step\":%d,\"loss\":%s,\"learning_rate\":5e-4}%n".formatted(step, loss(step)));
        }
        return event(
                EventType.MODEL_TRAINED,
                ModelTrained.newBuilder()
                        .setContext(context)
                        .setModel(References.of(blobs.put(id.getBytes(StandardCharsets.UTF_8), "application/json")))
                        .setCurve(References.of(
                                blobs.put(curve.toString().getBytes(StandardCharsets.UTF_8), "application/jsonl")))
                        .addAllProtectedPictures(purified.getProtectedPicturesList())
                        .addAllPurifiedPictures(purified.getPurifiedPicturesList())
                        .setRecord(record(Stage.STAGE_TRAIN, 25, 300))
                        .build());
    }

    /** What the evaluator's own stage takes up. */
    Event<?> sampled() {
        ModelTrained trained = (ModelTrained) trained().payload();
        var event = ImagesSampled.newBuilder()
                .setContext(context)
                .setModel(trained.getModel())
                .setCurve(trained.getCurve())
                .addAllProtectedPictures(trained.getProtectedPicturesList())
                .addAllPurifiedPictures(trained.getPurifiedPicturesList())
                .setRecord(record(Stage.STAGE_SAMPLE, 300, 420));
        for (int i = 0; i < 6; i++) {
            event.addSamples(SampledReference.newBuilder()
                    .setPicture(stored("sample-" + i + ".png", portrait(20 + i, 192)))
                    .setPrompt(i < 3 ? "a photo of sks person" : "a dslr portrait of sks person, " + HOSTILE)
                    .setSeed(40 + i));
        }
        return event(EventType.IMAGES_SAMPLED, event.build());
    }

    private RequestRecord record(Stage stage, int from, int to) {
        return RequestRecord.newBuilder()
                .setStage(stage)
                .setParameters(context.getParameters())
                .putSeeds(stage.name(), 17)
                .setPack("mini")
                .setSoftwareVersion("0.1.0")
                .setDevice("cpu")
                .setStartTime(References.timestamp(begin.plusSeconds(from)))
                .setEndTime(References.timestamp(begin.plusSeconds(to)))
                .build();
    }

    private <M extends Message> Event<M> event(EventType<M> type, M payload) {
        return Event.first(type, UUID.randomUUID().toString(), "/test", id, Instant.now(), payload);
    }
}
