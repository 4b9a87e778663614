package dev.cloakproof.evaluator.index;

import dev.cloakproof.v1.Run;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells watchers how runs change, whichever process folded the change: one query looks at all watched runs at once, and
 * none is made while nobody watches.
 */
public final class RunWatches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunWatches.class);

    private final RunIndex index;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread;

    /** Who watches a run. Called by one thread, and never again after {@link #ended} or a thrown exception. */
    public interface Watcher {
        /** @return whether it took the run; if not, it is offered what the run is then */
        boolean offer(Run run);

        /** The run is final and was taken, or it is gone. */
        void ended(boolean gone);
    }

    /** One watcher; closing it ends the watching. */
    public final class Watch implements AutoCloseable {
        private final String run;
        private final Watcher watcher;
        private long seen = -1;

        private Watch(String run, Watcher watcher) {
            this.run = run;
            this.watcher = watcher;
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    /** @param interval between two looks */
    public RunWatches(RunIndex index, Duration interval) {
        this.index = index;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("run-watches").daemon().factory());
        thread.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Begins to watch; the run as it is now is told first. */
    public Watch watch(String run, Watcher watcher) {
        Watch watch = new Watch(run, watcher);
        watches.add(watch);
        return watch;
    }

    private void look() {
        if (watches.isEmpty()) {
            return;
        }
        try {
            Map<String, Long> revisions =
                    index.revisions(watches.stream().map(watch -> watch.run).collect(Collectors.toSet()));
            watches.forEach(watch -> tell(watch, revisions.get(watch.run)));
        } catch (RuntimeException away) {
            LOG.warn("could not look at watched runs: {}", away.toString()); // the next look may succeed
        }
    }

    private void tell(Watch watch, Long revision) {
        if (revision != null && revision == watch.seen) {
            return;
        }
        Optional<Run> run = revision == null ? Optional.empty() : index.get(watch.run);
        try {
            if (run.isEmpty()) {
                watch.close();
                watch.watcher.ended(true);
            } else if (watch.watcher.offer(run.get())) {
                watch.seen = revision;
                if (RunStates.isFinal(run.get().getState())) {
                    watch.close();
                    watch.watcher.ended(false);
                }
            }
        } catch (RuntimeException gone) {
            watch.close();
            LOG.debug("a watcher of {} went away: {}", watch.run, gone.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
