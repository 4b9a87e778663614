package dev.cloakproof.platform.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.lease.LeaseKeeper;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.RunContext;
import dev.cloakproof.v1.RunFailed;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.SubjectDeleted;
import dev.cloakproof.v1.UploadReceived;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of storing, publishing and giving up, step by step and without a broker. */
class StageRunnerTest {
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock();
    private final List<Event<?>> published = new ArrayList<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @TempDir
    private Path folder;

    private ObjectStore objects;
    private Cancellations cancellations;
    private Consumer<WorkContext> work = _ -> {};
    private StageRunner<UploadReceived, ImagesPurified> runner;

    @BeforeEach
    void begin() {
        objects = new FileObjectStore(folder);
        cancellations = new Cancellations(objects);
        runner = runner("here");
    }

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void theResultIsStoredBeforeItIsPublished() throws Exception {
        runner.handle(upload("r-1"));

        assertThat(published).singleElement().returns(EventType.IMAGES_PURIFIED, Event::type);
        assertThat(objects.list("runs/r-1/purify/"))
                .extracting(key -> key.text().substring(key.text().lastIndexOf('/') + 1))
                .containsExactly("lease.json", "result.pb");
    }

    @Test
    void workOfAnotherHolderIsLeftAlone() {
        work = _ -> assertReason(Reason.WORK_TAKEN, () -> runner("there").handle(upload("r-1")));

        assertThatNoFailure(() -> runner.handle(upload("r-1")));
        assertThat(published).hasSize(1);
    }

    @Test
    void whoLosesTheLeaseStoresAndPublishesNothing() {
        work = _ -> {
            clock.advance(TIME_TO_LIVE);
            ObjectKey lease = objects.list("runs/r-1/").getFirst();
            assertThat(new Leases(objects, clock, "there", TIME_TO_LIVE).acquire(lease))
                    .isPresent();
        };

        assertReason(Reason.LEASE_LOST, () -> runner.handle(upload("r-1")));
        assertThat(published).isEmpty();
        assertThat(objects.list("runs/r-1/")).noneMatch(key -> key.text().endsWith("result.pb"));
    }

    @Test
    void aCancelledRunIsNotBegunAndSaysSo() throws Exception {
        cancellations.request("r-1", "anna");
        work = _ -> {
            throw new AssertionError("begun");
        };

        runner.handle(upload("r-1"));

        assertThat(published).singleElement().returns(EventType.RUN_FAILED, Event::type);
        assertThat(((RunFailed) published.getFirst().payload()).getFailure().getReason())
                .isEqualTo("CANCELLED");
    }

    @Test
    void workOnADeletedSubjectStopsAndStoresNothingMore() throws Exception {
        Blob blob = new Blob("a".repeat(64), 1, "image/png");
        work = context -> {
            context.storing(blob); // claimed
            new Tombstones(objects).subjectIsDeleted("anna", clock.instant());
            assertReason(Reason.CANCELLED, () -> context.storing(new Blob("b".repeat(64), 1, "image/png")));
            cancellations.handle(deleted("anna"));
            assertReason(Reason.CANCELLED, context::checkCancelled);
            // An algorithm that does not look comes to its end.
        };

        runner.handle(ofSubject("r-1", "anna"));

        assertThat(published).singleElement().returns(EventType.RUN_FAILED, Event::type);
        assertThat(objects.list("runs/r-1/")).noneMatch(key -> key.text().endsWith("result.pb"));
        assertThat(new Claims(objects).of("runs/r-1")).contains(blob);
    }

    @Test
    void aLateEventOfADeletedSubjectOrRunBeginsNothing() throws Exception {
        work = _ -> {
            throw new AssertionError("begun");
        };
        new Tombstones(objects).subjectIsDeleted("anna", clock.instant());
        new Tombstones(objects).runIsDeleted("r-2", clock.instant());

        runner.handle(ofSubject("r-1", "anna"));
        runner.handle(ofSubject("r-2", "bert"));

        assertThat(published).hasSize(2).allMatch(event -> event.type().equals(EventType.RUN_FAILED));
    }

    @Test
    void aSubjectMayBeginAnewAndOthersGoOn() throws Exception {
        new Tombstones(objects).subjectIsDeleted("anna", clock.instant().minusMillis(1));
        runner.handle(ofSubject("r-1", "anna"));
        work = _ -> {
            new Tombstones(objects).subjectIsDeleted("anna", clock.instant());
            cancellations.handle(deleted("anna"));
        };
        runner.handle(ofSubject("r-2", "bert"));

        assertThat(published).hasSize(2).allMatch(event -> event.type().equals(EventType.IMAGES_PURIFIED));
    }

    /** A run that is created now. */
    private ConsumerRecord<String, byte[]> ofSubject(String run, String subject) {
        UploadReceived payload = UploadReceived.newBuilder()
                .setContext(RunContext.newBuilder()
                        .setRun("runs/" + run)
                        .setSubject(subject)
                        .setCreateTime(Timestamp.newBuilder()
                                .setSeconds(clock.instant().getEpochSecond())
                                .setNanos(clock.instant().getNano())))
                .build();
        return consumed(Event.first(EventType.UPLOAD_RECEIVED, run, "/test", run, clock.instant(), payload));
    }

    private ConsumerRecord<String, byte[]> deleted(String subject) {
        return consumed(Event.ofSubject(
                EventType.SUBJECT_DELETED,
                "1",
                "/evaluator",
                Tombstones.hash(subject),
                clock.instant(),
                SubjectDeleted.getDefaultInstance()));
    }

    @Test
    void cancellingOneRunLeavesTheOthersAlone() throws Exception {
        work = context -> {
            cancellations.request("r-2", "anna");
            context.checkCancelled();
        };

        runner.handle(upload("r-1"));

        assertThat(published).singleElement().returns(EventType.IMAGES_PURIFIED, Event::type);
    }

    @Test
    void aFailureLeavesTheWorkToTheNextTry() {
        work = _ -> {
            throw Reason.MEMORY_EXHAUSTED.problem("none").exception();
        };
        assertReason(Reason.MEMORY_EXHAUSTED, () -> runner.handle(upload("r-1")));
        work = _ -> {};

        assertThatNoFailure(() -> runner.handle(upload("r-1")));
        assertThat(published).hasSize(1);
    }

    @Test
    void givingUpTellsWhichRunFailedWhere() {
        runner.givenUp(
                upload("r-1"), Reason.PICTURE_INVALID.problem("found poison").with("picture", "a.png"));

        RunFailed failed = (RunFailed) published.getFirst().payload();
        assertThat(failed.getContext().getRun()).isEqualTo("runs/r-1");
        assertThat(failed.getStage()).isEqualTo(Stage.STAGE_PURIFY);
        assertThat(failed.getFailure().getReason()).isEqualTo("PICTURE_INVALID");
        assertThat(failed.getFailure().getMetadataMap()).containsEntry("picture", "a.png");
        assertThat(failed.getFailure().getRetryable()).isFalse();
    }

    @Test
    void progressComesAtMostTwiceASecondAndAlwaysAtTheEnd() throws Exception {
        work = context -> {
            for (int step = 0; step <= 100; step++) {
                context.progress(step, 100, "denoising", Map.of());
                clock.advance(Duration.ofMillis(100));
            }
            context.progress(100, 100, "done", Map.of("loss", 0.5));
        };

        runner.handle(upload("r-1"));

        List<RunProgress> reports = published.stream()
                .filter(event -> event.type() == EventType.RUN_PROGRESS)
                .map(event -> (RunProgress) event.payload())
                .toList();
        assertThat(reports).extracting(report -> report.getProgress().getStep()).contains(0L, 5L, 10L, 100L);
        assertThat(reports).hasSize(22);
        assertThat(reports.get(10).getProgress().getRemainingDuration().getSeconds())
                .isEqualTo(5);
        assertThat(reports.getLast().getProgress().getValuesMap()).containsEntry("loss", 0.5);
    }

    private StageRunner<UploadReceived, ImagesPurified> runner(String holder) {
        return new StageRunner<>(
                new Purifying(),
                new StageRunner.Surroundings(
                        "/purifier",
                        objects,
                        new Leases(objects, clock, holder, TIME_TO_LIVE),
                        new LeaseKeeper(scheduler, TIME_TO_LIVE),
                        cancellations,
                        new Recording(),
                        clock));
    }

    private static ConsumerRecord<String, byte[]> upload(String run) {
        return consumed(Event.first(
                EventType.UPLOAD_RECEIVED,
                "id",
                "/test",
                run,
                Instant.EPOCH,
                UploadReceived.newBuilder()
                        .setContext(RunContext.newBuilder().setRun("runs/" + run))
                        .build()));
    }

    private static ConsumerRecord<String, byte[]> consumed(Event<?> event) {
        ProducerRecord<String, byte[]> written = EventCodec.write(event);
        ConsumerRecord<String, byte[]> received =
                new ConsumerRecord<>(written.topic(), 0, 0, written.key(), written.value());
        written.headers().forEach(received.headers()::add);
        return received;
    }

    private static void assertReason(Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(CloakproofException.class)
                .isThrownBy(call)
                .returns(reason, CloakproofException::reason);
    }

    private static void assertThatNoFailure(ThrowingCallable call) {
        assertThatCode(call).doesNotThrowAnyException();
    }

    /** Does what the test says. */
    private final class Purifying extends PurifyingStage {
        @Override
        public ImagesPurified work(UploadReceived asked, WorkContext context) {
            work.accept(context);
            return ImagesPurified.newBuilder().setContext(asked.getContext()).build();
        }
    }

    /** Keeps what was published, and sees that results were stored before. */
    private final class Recording implements EventPublisher {
        @Override
        public void publish(Event<?> event) {
            if (event.type() == EventType.IMAGES_PURIFIED) {
                assertThat(objects.list("runs/")).anyMatch(key -> key.text().endsWith("result.pb"));
            }
            published.add(event);
        }

        @Override
        public void publishLossy(Event<?> event) {
            published.add(event);
        }
    }
}
