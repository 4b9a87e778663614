package dev.cloakproof.platform.events;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.v1.Progress;
import dev.cloakproof.v1.RunProgress;
import dev.cloakproof.v1.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Work context of a stage: progress becomes events, at most two a second and the last step always. */
final class StageContext implements WorkContext {
    static final Duration BETWEEN_REPORTS = Duration.ofMillis(500);

    private final Event<?> asked;
    private final Stage stage;
    private final Cancellations.Work work;
    private final StageRunner.Surroundings around;
    private final Claims claims;
    private final Instant begun;
    private Instant reported = Instant.MIN;

    StageContext(Event<?> asked, Stage stage, Cancellations.Work work, StageRunner.Surroundings around) {
        this.asked = asked;
        this.stage = stage;
        this.work = work;
        this.claims = new Claims(around.objects());
        this.around = around;
        this.begun = around.clock().instant();
    }

    @Override
    public synchronized void progress(long step, long totalSteps, String message, Map<String, Double> values) {
        Instant now = around.clock().instant();
        if (step < totalSteps && reported != Instant.MIN && now.isBefore(reported.plus(BETWEEN_REPORTS))) {
            return;
        }
        reported = now;
        Progress.Builder progress = Progress.newBuilder()
                .setStep(step)
                .setTotalSteps(totalSteps)
                .setMessage(message)
                .putAllValues(values);
        if (step > 0) {
            Duration remaining =
                    Duration.between(begun, now).multipliedBy(totalSteps - step).dividedBy(step);
            progress.setRemainingDuration(com.google.protobuf.Duration.newBuilder()
                    .setSeconds(remaining.getSeconds())
                    .setNanos(remaining.getNano()));
        }
        RunProgress payload = RunProgress.newBuilder()
                .setRun(asked.subject())
                .setStage(stage)
                .setProgress(progress)
                .build();
        around.publisher()
                .publishLossy(asked.leadsTo(
                        EventType.RUN_PROGRESS, around.source(), stage.name() + "/" + step, now, payload));
    }

    @Override
    public void checkCancelled() {
        work.cancellation.check();
    }

    @Override
    public void storing(Blob blob) {
        claims.add("runs/" + asked.correlationId(), blob);
        around.cancellations().requireWanted(work);
    }
}
