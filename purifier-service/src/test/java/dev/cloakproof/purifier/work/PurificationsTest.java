package dev.cloakproof.purifier.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.limits.BatchLimits;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.purifier.purify.Attempt;
import dev.cloakproof.purifier.purify.Chain;
import dev.cloakproof.purifier.purify.Methods;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.PurificationStep;
import dev.cloakproof.purifier.purify.PurificationWatch;
import dev.cloakproof.purifier.purify.Purified;
import dev.cloakproof.purifier.purify.Settings;
import dev.cloakproof.purifier.purify.StepCatalogue;
import dev.cloakproof.purifier.purify.StepDescription;
import dev.cloakproof.tensor.image.Picture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PurificationsTest {
    private static final Optional<Instant> NEVER = Optional.empty();
    private static final String CHAIN = "tvm(side=16) | meeting";
    /** Seed of the picture that keeps the worker busy until the test lets go. */
    private static final long BUSY = 0;

    /** What reaches the step, by seed. */
    private final List<List<Long>> batches = Collections.synchronizedList(new ArrayList<>());

    private final Meeting meeting = new Meeting("meeting", true);
    private final StepCatalogue catalogue = catalogue();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ServiceMetrics metrics = new ServiceMetrics(meters, "purifier");
    private final ManualClock clock = new ManualClock();
    private final Purifications purifications = new Purifications(
            new Purifier(metrics, clock), new BatchLimits(20, 3, Duration.ZERO), 1, 1 << 20, metrics, clock);

    @AfterEach
    void end() {
        meeting.released.countDown();
        meeting.held.countDown(); // a failed test must not leave the worker waiting
        purifications.close();
    }

    @Test
    void equalChainsThatWaitGoTogether() throws Exception {
        occupy();
        // Each is parsed anew, as calls are.
        var answers =
                LongStream.rangeClosed(1, 5).mapToObj(i -> submit(i, CHAIN)).toList();
        var others = List.of(submit(6, "tvm(side=24) | meeting"), submit(7, "meeting"));
        release();

        for (int i = 0; i < answers.size(); i++) {
            assertSameAsAlone(answers.get(i).get().orThrow(), i + 1, CHAIN);
        }
        assertSameAsAlone(others.get(0).get().orThrow(), 6, "tvm(side=24) | meeting");
        others.get(1).get().orThrow();
        assertThat(batches)
                .containsExactly(List.of(BUSY), List.of(1L, 2L, 3L), List.of(4L, 5L), List.of(6L), List.of(7L));
        assertThat(meters.get("job.queue.wait").timer().count()).isEqualTo(8);
        assertThat(meters.get("job.duration").tag("outcome", "done").timer().count())
                .isEqualTo(8);
        assertThat(meters.get("purifier.stage.duration")
                        .tag("stage", "decode")
                        .timer()
                        .count())
                .isEqualTo(8);
    }

    @Test
    void whatGainsNothingGoesAlone() throws Exception {
        occupy();
        var answers = List.of(submit(1, "loner"), submit(2, "loner"));
        release();
        for (var answer : answers) {
            answer.get().orThrow();
        }
        assertThat(batches).containsExactly(List.of(BUSY), List.of(1L), List.of(2L));
    }

    @Test
    void aPictureThatCannotBeReadOrTakenFailsAlone() throws Exception {
        occupy();
        var text = purifications.submit(
                new Order(new Input.Encoded("no picture".getBytes()), chain(CHAIN), 1, "person"), NEVER);
        var good = submit(2, CHAIN);
        var refused = purifications.submit(new Order(picture(3, 300, 10), chain(CHAIN), 3, "person"), NEVER);
        release();

        assertFailed(text, Reason.PICTURE_INVALID);
        assertSameAsAlone(good.get().orThrow(), 2, CHAIN);
        assertFailed(refused, Reason.PICTURE_UNSUITABLE);
        assertThat(batches).as("nothing is done twice").containsExactly(List.of(BUSY), List.of(2L));
        for (String outcome : List.of("picture_invalid", "picture_unsuitable")) {
            assertThat(meters.get("job.duration")
                            .tag("outcome", outcome)
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
        assertThat(meters.get("purifier.images")
                        .tag("reason", "picture_unsuitable")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whoIsCancelledOrLateInTheQueueIsNotBegun() throws Exception {
        occupy();
        var late = purifications.submit(
                order(1, CHAIN), Optional.of(clock.instant().plusSeconds(1)));
        var cancelled = submit(2, CHAIN);
        var good = submit(3, CHAIN);
        cancelled.cancel(false);
        clock.advance(Duration.ofSeconds(1));
        release();

        assertFailed(late, Reason.DEADLINE_PASSED);
        assertSameAsAlone(good.get().orThrow(), 3, CHAIN);
        assertThat(batches).containsExactly(List.of(BUSY), List.of(3L));
    }

    @Test
    void whoIsCancelledOrLateAtWorkFailsAlone() throws Exception {
        occupy();
        meeting.heldSeed = 3;
        var late = purifications.submit(
                order(1, CHAIN), Optional.of(clock.instant().plusSeconds(1)));
        var cancelled = submit(2, CHAIN);
        var good = submit(3, CHAIN);
        release();
        meeting.atWork.await();
        cancelled.cancel(false);
        clock.advance(Duration.ofSeconds(1));

        // The work asks at every step and is still in the middle of it.
        assertFailed(late, Reason.DEADLINE_PASSED);
        assertThat(good).isNotDone();
        meeting.held.countDown();
        assertSameAsAlone(good.get().orThrow(), 3, CHAIN);
    }

    @Test
    void theWorkStopsWhenNobodyWantsItAnyMore() throws Exception {
        occupy();
        meeting.heldSeed = 2;
        var gone = List.of(submit(1, CHAIN), submit(2, CHAIN));
        release();
        meeting.atWork.await();
        gone.forEach(answer -> answer.cancel(false));
        purifications.close(); // held for ever, were it not stopped

        assertThat(meters.get("job.duration")
                        .tag("outcome", "cancelled")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(batches).containsExactly(List.of(BUSY), List.of(1L, 2L));
    }

    @Test
    void whatFailsTogetherIsTriedAlone() throws Exception {
        occupy();
        meeting.mostAtOnce = 1;
        var answers =
                LongStream.rangeClosed(1, 3).mapToObj(i -> submit(i, CHAIN)).toList();
        release();

        for (int i = 0; i < answers.size(); i++) {
            assertSameAsAlone(answers.get(i).get().orThrow(), i + 1, CHAIN);
        }
        assertThat(batches).containsExactly(List.of(BUSY), List.of(1L, 2L, 3L), List.of(1L), List.of(2L), List.of(3L));
        assertThat(meters.get("job.duration").tag("outcome", "done").timer().count())
                .isEqualTo(4);
    }

    @Test
    void whatFailsForAllSaysWhyToAll() throws Exception {
        occupy();
        meeting.mostAtOnce = 0;
        var answers = List.of(submit(1, CHAIN), submit(2, CHAIN));
        release();

        for (var answer : answers) {
            assertFailed(answer, Reason.MEMORY_EXHAUSTED);
        }
        assertThat(meters.get("job.duration")
                        .tag("outcome", "memory_exhausted")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    /** Returns when the worker is busy with a picture and the queue is empty. */
    private void occupy() throws InterruptedException {
        meeting.heldSeed = BUSY;
        submit(BUSY, "meeting");
        meeting.atWork.await();
        meeting.atWork = new CountDownLatch(1);
    }

    private void release() {
        meeting.released.countDown();
    }

    private CompletableFuture<Outcome> submit(long seed, String chain) {
        return purifications.submit(order(seed, chain), NEVER);
    }

    private Order order(long seed, String chain) {
        return new Order(picture(seed, 40 + (int) seed, 40), chain(chain), seed, "person");
    }

    private Chain chain(String text) {
        return catalogue.parse(text, Preset.PAPER);
    }

    private StepCatalogue catalogue() {
        List<PurificationStep> steps = new ArrayList<>(Methods.modelFree());
        steps.add(meeting);
        steps.add(new Meeting("loner", false));
        return new StepCatalogue(steps, Map.of());
    }

    private void assertSameAsAlone(Delivery delivery, long seed, String chain) {
        Order order = order(seed, chain);
        String before = chain.replace(" | meeting", "");
        Purified alone = chain(before)
                .run(order.input().open().picture(), new PurificationRun(seed, order.noun(), PurificationWatch.NONE));
        assertThat(delivery.purified()).isEqualTo(alone);
        assertThat(delivery.given().picture()).isEqualTo(order.input().open().picture());
    }

    private static void assertFailed(CompletableFuture<Outcome> answer, Reason reason) {
        assertThat(Problems.of(catchThrowable(() -> answer.get().orThrow())).reason())
                .isEqualTo(reason);
    }

    private static Input picture(long seed, int width, int height) {
        byte[] rgb = new byte[width * height * Picture.CHANNELS];
        new Random(seed).nextBytes(rgb);
        return new Input.Samples(width, height, rgb);
    }

    /** Leaves pictures as they are, writes down who meets here, and waits where the test says so. */
    private final class Meeting implements PurificationStep {
        private final StepDescription description;
        private final boolean gains;
        private final CountDownLatch released = new CountDownLatch(1);
        private final CountDownLatch held = new CountDownLatch(1);
        private volatile CountDownLatch atWork = new CountDownLatch(1);
        private volatile long heldSeed = -1;
        private volatile int mostAtOnce = Integer.MAX_VALUE;

        Meeting(String name, boolean gains) {
            this.description = new StepDescription(name, "pictures as they are", "nothing", List.of());
            this.gains = gains;
        }

        @Override
        public StepDescription description() {
            return description;
        }

        @Override
        public boolean gainsTogether() {
            return gains;
        }

        @Override
        public Picture apply(Picture picture, Settings settings, PurificationRun run) {
            throw new AssertionError("expected to be asked for several pictures");
        }

        @Override
        public List<Attempt> apply(List<Picture> pictures, Settings settings, List<PurificationRun> runs) {
            List<Long> seeds = runs.stream().map(PurificationRun::seed).toList();
            batches.add(seeds);
            CountDownLatch until = seeds.contains(BUSY) ? released : held;
            if (seeds.contains(heldSeed)) {
                atWork.countDown();
                while (until.getCount() > 0) {
                    runs.forEach(run -> run.progress(description.name(), 0, 1));
                    Thread.onSpinWait();
                }
            }
            if (!seeds.contains(BUSY) && seeds.size() > mostAtOnce) {
                throw new OutOfMemoryError("as the test wants it");
            }
            return pictures.stream().<Attempt>map(Attempt.Made::new).toList();
        }
    }
}
