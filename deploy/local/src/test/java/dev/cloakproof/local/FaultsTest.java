package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.events.EventCodec;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PngText;
import dev.cloakproof.v1.BlobReference;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.StageStatus;
import dev.cloakproof.v1.UploadReceived;
import dev.cloakproof.v1.WorkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong on machines, done to a whole line of processes: no run is lost, none is done twice, and each ends with
 * what it would have ended with, or with a reason.
 */
@Tag("faults")
class FaultsTest {
    private static final List<String> STAGE_TOPICS =
            List.of("upload.received", "images.purified", "model.trained", "images.sampled");

    private static FaultyLine line;
    private static Made undisturbed;

    @BeforeAll
    static void up() throws IOException {
        line = new FaultyLine();
        undisturbed = Made.of(succeeded(line.begin("undisturbed")));
    }

    @AfterAll
    static void down() {
        line.close();
    }

    /**
     * What must not depend on a fault. Drawn pictures differ between runs by their watermarks alone, so the model and the
     * seeds stand for them.
     */
    private record Made(String model, List<Picture> purified, List<Long> seeds) {
        private static final Pattern SEED = Pattern.compile("\"sampling\": \"(\\d+)\"");

        static Made of(Run run) {
            return new Made(
                    run.getModel().getSha256(),
                    run.getPurifiedPicturesList().stream()
                            .map(picture -> PictureReader.DEFAULT.read(line.blobs.get(blob(picture))))
                            .toList(),
                    run.getSampledPicturesList().stream()
                            .map(picture -> seed(line.blobs.get(blob(picture))))
                            .toList());
        }

        private static long seed(byte[] png) {
            String record = PngText.read(png).get("cloakproof");
            Matcher seed = SEED.matcher(record);
            assertThat(seed.find()).as(record).isTrue();
            return Long.parseUnsignedLong(seed.group(1));
        }
    }

    private static Blob blob(PictureReference picture) {
        BlobReference blob = picture.getBlob();
        return new Blob(blob.getSha256(), blob.getSizeBytes(), blob.getMediaType());
    }

    /** Waits for the end of a run, and sees that each stage was done, and is known, once. */
    private static Run succeeded(String name) {
        String subject = line.ended(name).getSubject();
        line.quiet(); // reports of progress may come after the end
        List<Run> known = line.runsOf(subject).stream()
                .filter(run -> run.getName().equals(name))
                .toList();
        assertThat(known).hasSize(1);
        Run run = known.getFirst();
        assertThat(run.getState()).as(run.getFailure().toString()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
        assertThat(line.events(EventType.UPLOAD_RECEIVED, name)).isEqualTo(1);
        assertThat(line.events(EventType.IMAGES_PURIFIED, name)).isEqualTo(1);
        assertThat(line.events(EventType.MODEL_TRAINED, name)).isEqualTo(1);
        assertThat(line.events(EventType.IMAGES_SAMPLED, name)).isEqualTo(1);
        assertThat(line.events(EventType.RUN_EVALUATED, name)).isEqualTo(1);
        assertThat(run.getStagesList()).extracting(StageStatus::getState).containsOnly(WorkState.WORK_STATE_SUCCEEDED);
        return run;
    }

    private static Run failed(String name, String reason) {
        Run run = line.ended(name);
        assertThat(run.getState()).isEqualTo(WorkState.WORK_STATE_FAILED);
        assertThat(run.getFailure().getReason())
                .as(run.getFailure().getMessage())
                .isEqualTo(reason);
        return run;
    }

    /** Kills a part while a stage is at work. */
    private static void survives(
            String subject, String stage, Function<String, BooleanSupplier> atWork, String victim) {
        String run = line.begin(subject);
        FaultyLine.until(stage + " is at work", atWork.apply(run));
        LineState.Started killed = line.kill(victim);
        assertThat(line.hasResult(run, stage))
                .as("killed in the middle of " + stage)
                .isFalse();
        line.replaced(victim, killed);
        assertThat(Made.of(succeeded(run))).isEqualTo(undisturbed);
    }

    private static Function<String, BooleanSupplier> has(String stage, String file) {
        return run -> () -> line.stored(run, stage).stream()
                .anyMatch(found -> found.toString().contains(file));
    }

    private static Function<String, BooleanSupplier> training() {
        return run -> () -> line.hasResult(run, "purify") && line.trains();
    }

    @Test
    void thePurifierIsKilledInMidStage() {
        survives("purifier-killed", "purify", has("purify", "pictures"), "purifier");
    }

    @Test
    void theTrainerIsKilledInMidStage() {
        survives("trainer-killed", "train", training(), "trainer");
    }

    @Test
    void theSamplerIsKilledInMidStage() {
        survives("sampler-killed", "sample", has("sample", "picture-"), "sampler");
    }

    @Test
    void theEvaluatorIsKilledInMidStage() {
        survives("evaluator-killed", "evaluate", has("evaluate", "lease.json"), "evaluator");
    }

    @Test
    void theBrokerIsKilledInMidStage() {
        survives("broker-killed", "train", training(), "broker");
    }

    @Test
    void theDatabaseIsKilledInMidStage() {
        String run = line.begin("database-killed");
        FaultyLine.until("it trains", training().apply(run));
        line.halt("trainer"); // PostgreSQL takes longer to go than these networks to train
        LineState.Started killed = line.kill("database");
        assertThat(line.hasResult(run, "train")).as("killed in mid-stage").isFalse();
        line.go("trainer");
        line.replaced("database", killed);
        assertThat(Made.of(succeeded(run))).isEqualTo(undisturbed);
    }

    @Test
    void aDeletedSubjectLeavesNothingAndALateEventBringsNothingBack() throws IOException {
        String other = line.begin("not-deleted");
        Run kept = succeeded(other);
        Set<String> blobs = line.files("blobs");
        String done = line.begin("forget-me");
        succeeded(done);
        line.halt("trainer");
        String going = line.begin("forget-me"); // will be at work on
        FaultyLine.untilSaid(
                "it is purified", () -> !line.records("images.purified", going).isEmpty());
        line.go("trainer");
        FaultyLine.until("it trains", () -> !line.stored(going, "train").isEmpty());
        line.begin("forget-me"); // waits, or begins

        assertThat(line.delete("forget-me").getRuns()).isGreaterThanOrEqualTo(2);
        line.quiet();
        Runnable nothingLeft = () -> {
            assertThat(line.files("blobs")).isEqualTo(blobs);
            assertThat(line.files(done)).isSubsetOf(done + "/cancelled", done + "/deleted");
            assertThat(line.files(going)).isSubsetOf(going + "/cancelled", going + "/deleted");
            assertThat(line.files("uploads/" + Tombstones.hash("forget-me"))).isEmpty();
            assertThat(line.runsOf("forget-me")).isEmpty();
        };
        nothingLeft.run();
        assertThat(line.mentioning("forget-me")).isEmpty();
        assertThat(Files.readString(line.fixture.home.store().resolve("audit/evaluator.jsonl")))
                .contains("\"action\":\"deleted\",\"target\":\"subjects/forget-me\"");

        STAGE_TOPICS.forEach(topic -> line.sendAgain(topic, done));
        line.quiet();
        nothingLeft.run();
        assertThat(succeeded(other)).isEqualTo(kept);
        assertThat(Made.of(kept)).isEqualTo(undisturbed);
    }

    @Test
    void poisonStopsNobodyAndLiesWithTheDeadLetters() {
        String unreadable = "poison-unreadable";
        STAGE_TOPICS.forEach(topic -> line.send(new ProducerRecord<>(topic, unreadable, new byte[] {1, 2, 3})));
        // Readable, and nobody allowed it.
        String forbidden = "poison-forbidden";
        line.send(EventCodec.write(Event.first(
                EventType.UPLOAD_RECEIVED,
                forbidden,
                "/test",
                forbidden,
                Instant.now(),
                UploadReceived.newBuilder()
                        .setContext(RunContext.newBuilder()
                                .setRun("runs/" + forbidden)
                                .setSubject("forbidden"))
                        .build())));
        String run = line.begin("after-poison");
        assertThat(Made.of(succeeded(run))).isEqualTo(undisturbed);

        failed("runs/" + forbidden, "AUTHORIZATION_MISSING");
        String letters = line.fixture.command("dead-letters", "ls").out();
        for (String topic : STAGE_TOPICS) {
            assertThat(letters).containsPattern(topic + " +\\S+ +" + unreadable + " +EVENT_UNREADABLE");
        }
        assertThat(letters).containsPattern("upload.received +\\S+ +" + forbidden + " +AUTHORIZATION_MISSING");
    }

    @Test
    void aDuplicateOfEveryEventChangesNothing() {
        String name = line.begin("duplicates");
        FaultyLine.untilSaid(
                "the run is published",
                () -> !line.records("upload.received", name).isEmpty());
        line.sendAgain("upload.received", name); // while it is at work
        Run before = succeeded(name);
        STAGE_TOPICS.forEach(topic -> line.sendAgain(topic, name));
        line.quiet();
        // Each stage said again what it said, and the index is as it was.
        assertThat(line.records("run.evaluated", name)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(succeeded(name)).isEqualTo(before);
    }

    @Test
    void twoUploadsOfOneSubjectAtOnceAreEachTrainedOnOnce() {
        var other = CompletableFuture.supplyAsync(() -> line.begin("twins"));
        Set<String> runs = Stream.of(line.begin("twins"), other.join()).collect(Collectors.toSet());
        List<Run> ended = runs.stream().map(FaultsTest::succeeded).toList();
        assertThat(line.runsOf("twins")).containsExactlyInAnyOrderElementsOf(ended);
        assertThat(ended.stream().mapToInt(Run::getProtectedPicturesCount).sum())
                .isEqualTo(2 * undisturbed.purified().size());
    }

    @Test
    void aBlobThatChangedOnItsDiskIsAReasonAndGoesOnWhenItIsMended() throws IOException {
        line.halt("trainer");
        String name = line.begin("changed-blob");
        FaultyLine.until("it is purified", () -> line.hasResult(name, "purify"));
        FaultyLine.untilSaid(
                "the trainer may hear of it",
                () -> !line.records("images.purified", name).isEmpty());
        FaultyLine.untilSaid(
                "the index knows it",
                () -> line.runsOf("changed-blob").stream().anyMatch(run -> run.getPurifiedPicturesCount() > 0));
        Run purified = line.runsOf("changed-blob").getFirst();
        // Another run with the same pictures, method and pack would share the file; its time makes this PNG its own.
        Path file = line.file(purified.getPurifiedPictures(0).getBlob().getSha256());
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        bad[bad.length / 2] ^= 1;
        Files.write(file, bad);
        line.go("trainer");
        failed(name, "BLOB_CHANGED");

        Files.write(file, good);
        line.quiet(); // the letter lies there
        assertThat(line.fixture
                        .command("dead-letters", "replay", "images.purified")
                        .code())
                .isZero();
        FaultyLine.until("it was trained", () -> line.hasResult(name, "train"));
        FaultyLine.until("it was evaluated", () -> line.hasResult(name, "evaluate"));
        line.quiet();
        assertThat(Made.of(succeeded(name))).isEqualTo(undisturbed);
    }

    @Test
    void aSlowConsumerLosesItsPlaceAndNoEvent() {
        String first = line.begin("slow-first");
        FaultyLine.until("the sampler is at work", has("sample", "picture-").apply(first));
        line.halt("sampler");
        assertThat(line.hasResult(first, "sample"))
                .as("halted in the middle of its work")
                .isFalse();
        String second = line.begin("slow-second");
        FaultyLine.until("work piles up", () -> line.hasResult(second, "train"));
        line.struckOff("sampler");
        line.go("sampler");
        assertThat(Made.of(succeeded(first))).isEqualTo(undisturbed);
        assertThat(Made.of(succeeded(second))).isEqualTo(undisturbed);
    }

    @Test
    void aFullDiskIsAReasonAndTheRunGoesOnWhenThereIsRoom() throws IOException {
        assumeTrue(line.diskIsSmall(), "a full disk needs a small one: mounting a tmpfs is not allowed here");
        line.halt("trainer");
        String name = line.begin("full-disk");
        FaultyLine.untilSaid(
                "it is purified", () -> !line.records("images.purified", name).isEmpty());
        line.fillDisk();
        try {
            line.go("trainer");
            failed(name, "DISK_FULL");
            LineFixture.Said refused = line.fixture.run("full-disk-refused", "--method", "none", "--detach");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("DISK_FULL");
        } finally {
            line.emptyDisk();
        }
        line.quiet();
        assertThat(line.runsOf("full-disk-refused")).isEmpty();
        assertThat(line.fixture
                        .command("dead-letters", "replay", "images.purified")
                        .code())
                .isZero();
        FaultyLine.until("it was evaluated", () -> line.hasResult(name, "evaluate"));
        line.quiet();
        assertThat(Made.of(succeeded(name))).isEqualTo(undisturbed);
    }
}
