package dev.cloakproof.platform.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problems;
import dev.cloakproof.platform.errors.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BatcherTest {
    private static final Optional<Instant> NEVER = Optional.empty();
    private static final Duration FOREVER = Duration.ofDays(1);

    private final ManualClock clock = new ManualClock();
    private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());
    private final Gate gate = new Gate();
    private Batcher<String, Integer, Integer> batcher;

    @AfterEach
    @Timeout(5) // interrupts a worker that a failed test left at work
    void end() {
        gate.open(); // a failed test must not leave the worker waiting
        batcher.close();
    }

    @Test
    void aFullBatchIsHandledAtOnce() throws Exception {
        batcher = doubling(new BatchLimits(10, 3, FOREVER));

        var answers = IntStream.range(0, 3).mapToObj(i -> submit("a", i)).toList();

        for (int i = 0; i < 3; i++) {
            assertThat(answers.get(i).get()).isEqualTo(2 * i);
        }
        assertThat(batches).containsExactly(List.of(0, 1, 2));
    }

    @Test
    void aLonelyCallIsHandledWhenItsWaitIsOver() throws Exception {
        batcher = doubling(new BatchLimits(10, 3, Duration.ofMillis(1)));

        assertThat(submit("a", 21).get()).isEqualTo(42);
    }

    @Test
    void onlyEqualKeysGoTogetherAndTheOldestCallGoesFirst() throws Exception {
        batcher = new Batcher<>("test", new BatchLimits(10, 3, Duration.ZERO), gate, clock);
        gate.occupy();

        var last = List.of(
                        submit("a", 1), submit("b", 2), submit("a", 3), submit("b", 4), submit("a", 5), submit("a", 6))
                .getLast();
        gate.open();

        last.get();
        assertThat(batches).containsExactly(List.of(0), List.of(1, 3, 5), List.of(2, 4), List.of(6));
    }

    @Test
    void aFullQueueRefusesAndSaysWhenToTryAgain() {
        batcher = new Batcher<>("test", new BatchLimits(4, 2, Duration.ZERO), gate, clock);
        gate.occupy();
        IntStream.range(0, 4).forEach(i -> submit("a", i));

        CloakproofException refused = catchThrowableOfType(CloakproofException.class, () -> submit("a", 4));

        assertThat(refused.reason()).isEqualTo(Reason.QUEUE_FULL);
        assertThat(refused.problem().retryDelay()).contains(Duration.ofSeconds(2)); // two batches of a second
        assertThat(batcher.waiting()).isEqualTo(4);
        gate.open();
    }

    @Test
    void workersHandleBatchesAtTheSameTime() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        batcher = new Batcher<>(
                "test",
                new BatchLimits(10, 1, Duration.ZERO),
                3,
                (_, inputs, _) -> {
                    together.countDown();
                    together.await(); // one worker alone would wait for ever
                    return inputs;
                },
                clock);

        var answers = IntStream.range(0, 3).mapToObj(i -> submit("a", i)).toList();

        for (int i = 0; i < 3; i++) {
            assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
        }
    }

    @Test
    void aCancelledCallGivesItsPlaceBackAndIsNotBegun() throws Exception {
        batcher = new Batcher<>("test", new BatchLimits(1, 1, Duration.ZERO), gate, clock);
        gate.occupy();
        submit("a", 1).cancel(false);

        CompletableFuture<Integer> next = submit("a", 2);
        gate.open();

        assertThat(next.get()).isEqualTo(2);
        assertThat(batches).containsExactly(List.of(0), List.of(2));
    }

    @Test
    void cancelledCallsDoNotEndTheBatcherThatWaitsForCompany() throws Exception {
        batcher = doubling(new BatchLimits(1, 2, Duration.ofMillis(50)));

        submit("a", 1).cancel(false);

        assertThat(submit("b", 2).get()).isEqualTo(4);
        assertThat(submit("b", 3).get()).isEqualTo(6);
    }

    @Test
    void aCallWhoseDeadlinePassedInTheQueueIsNotBegun() {
        batcher = new Batcher<>("test", new BatchLimits(4, 2, Duration.ZERO), gate, clock);
        gate.occupy();
        var late = batcher.submit("a", 1, Optional.of(clock.instant().plusSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        gate.open();

        assertFails(late, Reason.DEADLINE_PASSED);
        assertThat(batches).containsExactly(List.of(0));
    }

    @Test
    void workGoesOnWhileSomebodyWaitsAndStopsWhenNobodyDoes() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Semaphore step = new Semaphore(0);
        Semaphore checked = new Semaphore(0);
        CompletableFuture<Throwable> stopped = new CompletableFuture<>();
        batcher = new Batcher<>(
                "test",
                new BatchLimits(4, 2, FOREVER),
                (_, inputs, stillWanted) -> {
                    begun.countDown();
                    try {
                        for (int steps = 0; steps < 3; steps++) {
                            step.acquire();
                            stillWanted.run();
                            checked.release();
                        }
                    } catch (CloakproofException unwanted) {
                        stopped.complete(unwanted);
                        throw unwanted;
                    }
                    return inputs;
                },
                clock);
        var first = batcher.submit("a", 1, NEVER);
        var second = batcher.submit("a", 2, Optional.of(clock.instant().plusSeconds(1)));
        begun.await();

        first.cancel(false);
        step.release();
        checked.acquire(); // the second still waits
        clock.advance(Duration.ofSeconds(1));
        step.release();

        assertThat(Problems.of(stopped.get()).reason()).isEqualTo(Reason.CANCELLED);
        assertFails(second, Reason.DEADLINE_PASSED);
    }

    @Test
    void keysThatDoNotJoinGoAloneAndWaitForNobody() throws Exception {
        batcher = new Batcher<>(
                "test",
                new BatchLimits(10, 3, FOREVER),
                new BatchWork<>() {
                    @Override
                    public List<Integer> handle(String key, List<Integer> inputs, Runnable stillWanted) {
                        batches.add(List.copyOf(inputs));
                        return inputs;
                    }

                    @Override
                    public boolean joins(String key) {
                        return !key.equals("alone");
                    }
                },
                clock);

        List<CompletableFuture<Integer>> alone = List.of(submit("alone", 1), submit("alone", 2));
        alone.getLast().get();

        assertThat(batches).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void aCallWhoseDeadlinePassesAtWorkFailsAloneAndAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Semaphore step = new Semaphore(0);
        batcher = new Batcher<>(
                "test",
                new BatchLimits(4, 2, FOREVER),
                (_, inputs, stillWanted) -> {
                    begun.countDown();
                    step.acquire();
                    stillWanted.run();
                    step.acquire();
                    return inputs;
                },
                clock);
        var late = batcher.submit("a", 1, Optional.of(clock.instant().plusSeconds(1)));
        var other = submit("a", 2);
        begun.await();
        clock.advance(Duration.ofSeconds(1));
        step.release();

        assertFails(late, Reason.DEADLINE_PASSED);
        assertThat(other).isNotDone();
        step.release();
        assertThat(other.get()).isEqualTo(2);
    }

    @Test
    void aBadInputFailsAlone() throws Exception {
        batcher = new Batcher<>(
                "test",
                new BatchLimits(10, 3, FOREVER),
                (_, inputs, _) -> {
                    if (inputs.contains(2)) {
                        throw Reason.PICTURE_INVALID.problem("two").exception();
                    }
                    return inputs;
                },
                clock);

        var answers = IntStream.rangeClosed(1, 3).mapToObj(i -> submit("a", i)).toList();

        assertThat(answers.get(0).get()).isEqualTo(1);
        assertFails(answers.get(1), Reason.PICTURE_INVALID);
        assertThat(answers.get(2).get()).isEqualTo(3);
    }

    @Test
    void closingAnswersWhatWaitsAndRefusesWhatComes() throws Exception {
        batcher = doubling(new BatchLimits(10, 5, FOREVER));
        var waiting = List.of(submit("a", 1), submit("b", 2));

        batcher.close();

        assertThat(waiting.get(0).get()).isEqualTo(2);
        assertThat(waiting.get(1).get()).isEqualTo(4);
        assertThatExceptionOfType(CloakproofException.class)
                .isThrownBy(() -> submit("a", 3))
                .returns(Reason.SHUTTING_DOWN, CloakproofException::reason);
    }

    /** Whatever the order of threads: every call gets its own answer, in batches no larger than allowed. */
    @RepeatedTest(20)
    void everyCallGetsItsOwnAnswer() throws Exception {
        int threads = 8;
        int calls = 200;
        batcher = doubling(new BatchLimits(threads, 5, Duration.ofNanos(new Random().nextInt(200_000))));
        Callable<Void> caller = () -> {
            for (int i = 0; i < calls; i++) {
                assertThat(submit("key-" + i % 3, i).get()).isEqualTo(2 * i);
            }
            return null;
        };
        try (ExecutorService callers = Executors.newFixedThreadPool(threads)) {
            for (Future<Void> done : callers.invokeAll(Collections.nCopies(threads, caller))) {
                done.get();
            }
        }
        assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeBetween(1, 5));
        assertThat(batches.stream().mapToInt(List::size).sum()).isEqualTo(threads * calls);
    }

    private Batcher<String, Integer, Integer> doubling(BatchLimits limits) {
        return new Batcher<>(
                "test",
                limits,
                (_, inputs, _) -> {
                    batches.add(List.copyOf(inputs));
                    return inputs.stream().map(i -> 2 * i).toList();
                },
                clock);
    }

    private CompletableFuture<Integer> submit(String key, int input) {
        return batcher.submit(key, input, NEVER);
    }

    private static void assertFails(CompletableFuture<?> answer, Reason reason) {
        assertThat(Problems.of(catchThrowableOfType(Exception.class, answer::get))
                        .reason())
                .isEqualTo(reason);
    }

    /** Work that waits until the test opens the gate, so that the test decides what stands in the queue. */
    private final class Gate implements BatchWork<String, Integer, Integer> {
        private final CountDownLatch occupied = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);

        @Override
        public List<Integer> handle(String key, List<Integer> inputs, Runnable stillWanted) throws Exception {
            batches.add(List.copyOf(inputs));
            occupied.countDown();
            opened.await();
            return inputs;
        }

        /** Returns when a first call is at work and the queue is empty. */
        void occupy() {
            submit("gate", 0);
            try {
                occupied.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        void open() {
            opened.countDown();
        }
    }
}
