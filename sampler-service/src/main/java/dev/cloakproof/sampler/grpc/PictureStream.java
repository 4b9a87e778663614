package dev.cloakproof.sampler.grpc;

import com.google.protobuf.ByteString;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.sampler.sample.Drawn;
import dev.cloakproof.sampler.sample.SamplingListener;
import dev.cloakproof.sampler.sample.SamplingProgress;
import dev.cloakproof.sampler.work.Drawings;
import dev.cloakproof.sampler.work.Plan;
import dev.cloakproof.sampler.work.SamplingRecords;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.Progress;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.SampleResponse;
import dev.cloakproof.v1.SampleResponse.SampledPicture;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends what is drawn for one call. A caller that does not read holds the drawing up, for a while, rather than have
 * pictures pile up in memory. All is sent from the thread that draws.
 */
final class PictureStream implements SamplingListener {
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(500);

    private final ServerCallStreamObserver<SampleResponse> caller;
    private final Plan plan;
    private final SamplingRecords records;
    private final Duration patience;
    private final Semaphore ready = new Semaphore(0);
    private Runnable stillWanted;
    private Instant begun;
    private Instant reported = Instant.MIN;

    PictureStream(
            ServerCallStreamObserver<SampleResponse> caller, Plan plan, SamplingRecords records, Duration patience) {
        this.caller = caller;
        this.plan = plan;
        this.records = records;
        this.patience = patience;
        caller.setOnReadyHandler(ready::release);
    }

    void draw(Drawings drawings, Runnable wanted) {
        stillWanted = wanted;
        begun = Instant.now();
        drawings.draw(plan, 0, wanted, this);
    }

    @Override
    public void step(SamplingProgress progress) {
        stillWanted.run();
        Instant now = Instant.now();
        if (caller.isReady() && (reported == Instant.MIN || !now.isBefore(reported.plus(BETWEEN_REPORTS)))) {
            reported = now;
            caller.onNext(SampleResponse.newBuilder()
                    .setProgress(Progress.newBuilder()
                            .setStep(progress.done())
                            .setTotalSteps(progress.total())
                            .setMessage("drawing picture " + progress.picture() + " of " + progress.pictures()))
                    .build());
        }
    }

    @Override
    public void drawn(Drawn drawn) {
        awaitReader();
        Instant ended = Instant.now();
        RequestRecord record = records.of(plan, drawn.seed(), begun, ended);
        begun = ended;
        caller.onNext(SampleResponse.newBuilder()
                .setSampledPicture(SampledPicture.newBuilder()
                        .setPromptIndex(drawn.promptIndex())
                        .setPictureIndex(drawn.pictureIndex())
                        .setSeed(drawn.seed())
                        .setPicture(Picture.newBuilder()
                                .setName(SamplingRecords.name(drawn))
                                .setContent(ByteString.copyFrom(records.png(plan, drawn, record))))
                        .setRecord(record))
                .build());
    }

    private void awaitReader() {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!caller.isReady()) {
                stillWanted.run();
                if (System.nanoTime() > end) {
                    throw Reason.DEADLINE_PASSED
                            .problem("expected the caller to take a picture within " + patience + ", it did not")
                            .exception();
                }
                // Also wakes by itself: a cancelled call is never ready again.
                ready.tryAcquire(200, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Reason.SHUTTING_DOWN
                    .problem("interrupted while waiting for the caller")
                    .exception(e);
        }
    }
}
