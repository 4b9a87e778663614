package dev.cloakproof.trainer.jobs;

import com.google.protobuf.Message;
import dev.cloakproof.service.grpc.Calls;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Sends a job now and after every change until it is final. Looks into the store, for any pod may be at work on it. */
public final class JobWatch<M extends Message, A> {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final JobStore<M> store;
    private final String name;
    private final ServerCallStreamObserver<A> answers;
    private final Function<M, A> answer;
    private M sent;
    private ScheduledFuture<?> schedule;

    private JobWatch(JobStore<M> store, String name, ServerCallStreamObserver<A> answers, Function<M, A> answer) {
        this.store = store;
        this.name = name;
        this.answers = answers;
        this.answer = answer;
    }

    /** Begins a watch, which ends with the job or the call. */
    public static <M extends Message, A> void begin(
            JobStore<M> store,
            String name,
            ServerCallStreamObserver<A> answers,
            Function<M, A> answer,
            ScheduledExecutorService scheduler) {
        var watch = new JobWatch<>(store, name, answers, answer);
        answers.setOnCancelHandler(watch::end);
        watch.start(scheduler);
    }

    private synchronized void start(ScheduledExecutorService scheduler) {
        schedule = scheduler.scheduleWithFixedDelay(this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        if (schedule.isCancelled()) {
            return;
        }
        try {
            M job = store.get(name);
            if (!job.equals(sent)) {
                sent = job;
                answers.onNext(answer.apply(job));
            }
            if (JobStore.isFinal(job)) {
                end();
                answers.onCompleted();
            }
        } catch (RuntimeException e) {
            end();
            Calls.fail(answers, e);
        }
    }

    private synchronized void end() {
        schedule.cancel(false);
    }
}
