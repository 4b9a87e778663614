package dev.cloakproof.platform.events;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.v1.ImagesPurified;
import dev.cloakproof.v1.UploadReceived;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A stage that does what the name of the first picture says, and counts how often it was asked to. */
final class ScriptedStage extends PurifyingStage {
    static final String FINE = "fine.png";
    static final String POISON = "poison.png";
    static final String TIRED = "tired.png";
    static final String LONG = "long.png";

    final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();
    final Map<String, AtomicInteger> finished = new ConcurrentHashMap<>();
    final CountDownLatch released = new CountDownLatch(1);
    volatile boolean poisonHurts = true;
    volatile int tiredTimes = 2;

    @Override
    public ImagesPurified work(UploadReceived asked, WorkContext context) {
        String run = asked.getContext().getRun();
        int times = count(begun, run);
        switch (asked.getPictures(0).getName()) {
            case POISON -> {
                if (poisonHurts) {
                    throw Reason.PICTURE_INVALID
                            .problem("expected a picture, found poison")
                            .exception();
                }
            }
            case TIRED -> {
                if (times <= tiredTimes) {
                    throw Reason.MEMORY_EXHAUSTED.problem("found no memory").exception();
                }
            }
            case LONG -> {
                while (released.getCount() > 0) {
                    context.checkCancelled();
                    if (Thread.currentThread().isInterrupted()) {
                        throw Reason.SHUTTING_DOWN.problem("interrupted").exception();
                    }
                    Thread.onSpinWait();
                }
            }
            default -> context.progress(1, 1, "purified", Map.of());
        }
        count(finished, run);
        return ImagesPurified.newBuilder().setContext(asked.getContext()).build();
    }

    int begun(String run) {
        return begun.getOrDefault("runs/" + run, new AtomicInteger()).get();
    }

    int finished(String run) {
        return finished.getOrDefault("runs/" + run, new AtomicInteger()).get();
    }

    private static int count(Map<String, AtomicInteger> counts, String run) {
        return counts.computeIfAbsent(run, _ -> new AtomicInteger()).incrementAndGet();
    }
}
