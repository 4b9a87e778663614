package dev.cloakproof.platform.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.broker.BrokerExtension;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.RunCancelRequested;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.UploadReceived;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A stage on a real broker: what comes twice, what cannot be done, what is cancelled, and what dies in the middle. */
@Timeout(120)
class EventLineTest {
    @RegisterExtension
    private static final BrokerExtension BROKER = new BrokerExtension();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final String run = "r-" + UUID.randomUUID();
    private final ScriptedStage stage = new ScriptedStage();
    private ObjectStore objects;
    private Pod pod;
    private Listener<ImagesPurified> purified;
    private Listener<RunFailed> failures;

    @BeforeEach
    void begin() {
        objects = new FileObjectStore(folder);
        pod = new Pod(BROKER.settings(), objects, stage);
        purified = new Listener<>(BROKER.settings(), EventType.IMAGES_PURIFIED);
        failures = new Listener<>(BROKER.settings(), EventType.RUN_FAILED);
    }

    @AfterEach
    void end() {
        stage.released.countDown();
        pod.close();
        purified.close();
        failures.close();
    }

    @Test
    void anUploadLeadsToPurifiedPicturesOfTheSameRun() {
        Event<UploadReceived> upload = upload(run, ScriptedStage.FINE);
        pod.publisher.publish(upload);

        Event<ImagesPurified> event = purified.await(run);
        assertThat(event.causationId()).contains(upload.id());
        assertThat(event.payload().getContext().getRun()).isEqualTo("runs/" + run);
        try (var progress = new Listener<>(BROKER.settings(), EventType.RUN_PROGRESS)) {
            assertThat(progress.await(run).payload().getProgress().getStep()).isOne();
        }
    }

    @Test
    void aDuplicateIsAnsweredWithTheSameEventAndNotDoneAgain() {
        Event<UploadReceived> upload = upload(run, ScriptedStage.FINE);
        pod.publisher.publish(upload);
        pod.publisher.publish(upload);

        List<Event<ImagesPurified>> answers = purified.await(run, 2);
        assertThat(answers.get(1).id()).isEqualTo(answers.get(0).id());
        assertThat(stage.begun(run)).isOne();
    }

    @Test
    void poisonGoesToTheDeadLettersAndComesBackByReplay() {
        pod.publisher.publish(upload(run, ScriptedStage.POISON));

        assertThat(failures.await(run).payload().getFailure().getReason()).isEqualTo("PICTURE_INVALID");
        DeadLetter letter = awaitLetter(run);
        assertThat(letter.reason()).isEqualTo("PICTURE_INVALID");
        assertThat(letter.cause()).contains("found poison");
        assertThat(stage.begun(run)).isOne();

        stage.poisonHurts = false;
        assertThat(pod.deadLetters.replay(
                        "upload.received",
                        waiting -> waiting.offset() == letter.offset()
                                && run.equals(waiting.original().key())))
                .isOne();

        purified.await(run);
        assertThat(pod.deadLetters.waiting("upload.received")).isEmpty();
    }

    @Test
    void whatCannotBeReadDoesNotStopWhatComesAfter() {
        ProducerRecord<String, byte[]> damaged = EventCodec.write(upload(run, ScriptedStage.FINE));
        pod.publisher.send(
                new ProducerRecord<>(damaged.topic(), null, run, new byte[] {(byte) 0xff}, damaged.headers()));
        pod.publisher.publish(upload(run, ScriptedStage.FINE));

        purified.await(run);
        assertThat(awaitLetter(run).reason()).isEqualTo("EVENT_UNREADABLE");
        pod.deadLetters.replay("upload.received", _ -> false);
    }

    @Test
    void aTiredMachineIsAskedAgain() {
        pod.publisher.publish(upload(run, ScriptedStage.TIRED));

        purified.await(run);
        assertThat(stage.begun(run)).isEqualTo(3);
    }

    @Test
    void aMachineThatStaysTiredFailsTheRun() {
        stage.tiredTimes = Integer.MAX_VALUE;
        pod.publisher.publish(upload(run, ScriptedStage.TIRED));

        assertThat(failures.await(run).payload().getFailure().getReason()).isEqualTo("MEMORY_EXHAUSTED");
        assertThat(awaitLetter(run).reason()).isEqualTo("MEMORY_EXHAUSTED");
        assertThat(stage.begun(run)).isEqualTo(4);
        pod.deadLetters.replay("upload.received", _ -> false);
    }

    @Test
    void twoPodsShareTheRunsAndDoEachOnce() {
        List<String> runs =
                Stream.generate(() -> "r-" + UUID.randomUUID()).limit(20).toList();
        try (Pod _ = new Pod(BROKER.settings(), objects, stage)) {
            runs.forEach(each -> pod.publisher.publish(upload(each, ScriptedStage.FINE)));

            assertThat(runs).allSatisfy(each -> purified.await(each));
            assertThat(runs).allSatisfy(each -> assertThat(stage.begun(each)).isOne());
        }
    }

    @Test
    void cancellingStopsWorkThatRunsAndIsNoDeadLetter() {
        pod.publisher.publish(upload(run, ScriptedStage.LONG));
        await().atMost(PATIENCE).until(() -> stage.begun(run) == 1);

        pod.publisher.publish(Event.first(
                EventType.RUN_CANCEL,
                UUID.randomUUID().toString(),
                "/evaluator",
                run,
                Instant.now(),
                RunCancelRequested.newBuilder().setRequestedBy("anna").build()));

        assertThat(failures.await(run).payload().getFailure().getReason()).isEqualTo("CANCELLED");
        assertThat(stage.finished(run)).isZero();
        assertThat(pod.deadLetters.waiting("upload.received")).isEmpty();
    }

    @Test
    void aPodThatCrashesInTheMiddleIsReplaced() {
        pod.publisher.publish(upload(run, ScriptedStage.LONG));
        await().atMost(PATIENCE).until(() -> stage.begun(run) == 1);

        pod.crash();
        stage.released.countDown();
        pod = new Pod(BROKER.settings(), objects, stage);

        purified.await(run);
        assertThat(stage.begun(run)).isEqualTo(2);
        assertThat(stage.finished(run)).isOne();
    }

    @Test
    void aPodThatShutsDownLeavesUnfinishedWorkToItsSuccessor() {
        pod.publisher.publish(upload(run, ScriptedStage.LONG));
        await().atMost(PATIENCE).until(() -> stage.begun(run) == 1);

        pod.shutDown();
        assertThat(stage.finished(run)).isZero();
        stage.released.countDown();
        pod = new Pod(BROKER.settings(), objects, stage);

        purified.await(run);
        assertThat(stage.begun(run)).isEqualTo(2);
        assertThat(failures.of(run)).isEmpty();
        assertThat(pod.deadLetters.waiting("upload.received")).isEmpty();
    }

    @Test
    void aBrokerKilledInTheMiddleOfTheWorkLosesNothing() throws IOException {
        pod.publisher.publish(upload(run, ScriptedStage.LONG));
        await().atMost(PATIENCE).until(() -> stage.begun(run) == 1);

        BROKER.broker().kill();
        stage.released.countDown();
        await().atMost(PATIENCE).until(() -> stage.finished(run) == 1);
        BROKER.broker().start();

        purified.await(run);
        String next = "r-" + UUID.randomUUID();
        pod.publisher.publish(upload(next, ScriptedStage.FINE));
        purified.await(next);
        assertThat(stage.begun(run)).isOne();
    }

    private DeadLetter awaitLetter(String of) {
        return await().atMost(PATIENCE)
                .until(
                        () -> pod.deadLetters.waiting("upload.received").stream()
                                .filter(letter -> of.equals(letter.original().key()))
                                .findAny(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Event<UploadReceived> upload(String run, String script) {
        return Event.first(
                EventType.UPLOAD_RECEIVED,
                UUID.randomUUID().toString(),
                "/test",
                run,
                Instant.now(),
                UploadReceived.newBuilder()
                        .setContext(RunContext.newBuilder().setRun("runs/" + run))
                        .addPictures(PictureReference.newBuilder().setName(script))
                        .build());
    }
}
