package dev.cloakproof.platform.events;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.blob.ObjectStore;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.lease.Lease;
import dev.cloakproof.platform.lease.LeaseKeeper;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.v1.Failure;
import dev.cloakproof.v1.RunFailed;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes a stage idempotent. However often and on however many machines an event arrives, its work is done by one worker
 * at a time, its result is stored once under a key made of run, stage and the event's hash, and the same following
 * event goes out each time.
 *
 * @param <I> payload of the event that asks for the work
 * @param <O> payload of the event that says it is done
 */
public final class StageRunner<I extends Message, O extends Message> implements RecordHandler {
    private final StageHandler<I, O> stage;
    private final Surroundings around;

    /**
     * What all stages of a service share.
     *
     * @param source CloudEvents source of the service, such as {@code /purifier}
     * @param objects where results lie
     * @param leases who is at work
     * @param keeper renews the leases of work that goes on
     * @param cancellations which runs are to be stopped
     * @param publisher where events go
     * @param clock for the time in events
     */
    public record Surroundings(
            String source,
            ObjectStore objects,
            Leases leases,
            LeaseKeeper keeper,
            Cancellations cancellations,
            EventPublisher publisher,
            InstantSource clock) {}

    public StageRunner(StageHandler<I, O> stage, Surroundings around) {
        this.stage = stage;
        this.around = around;
    }

    @Override
    public void handle(ConsumerRecord<String, byte[]> given) throws Exception {
        Event<I> asked = EventCodec.read(stage.consumes(), given);
        ObjectKey result = key(asked, "result.pb");

        // 1. Done before: say it again.
        Optional<O> before = stored(result);
        if (before.isPresent()) {
            publish(asked, before.get());
            return;
        }
        // 2. One worker at a time.
        O done;
        try (Lease lease = around.leases().acquire(key(asked, "lease.json")).orElseThrow(() -> taken(asked))) {
            // 3. Whoever held the lease until now may have finished.
            done = stored(result).orElse(null);
            if (done == null) {
                done = work(asked, lease);
                // 4. The result counts only if the lease is still ours.
                lease.renew();
                around.objects().put(result, done.toByteArray());
            }
        } catch (CloakproofException stopped) {
            if (stopped.reason() != Reason.CANCELLED) {
                throw stopped;
            }
            publishFailure(asked, stopped.problem()); // an end that was asked for: no retry, no dead letter
            return;
        }
        // 5. Published before the record is acknowledged, by returning, and when nothing more is written: who hears it
        // of a deleted run deletes what the work has left.
        publish(asked, done);
    }

    @Override
    public void givenUp(ConsumerRecord<String, byte[]> given, Problem why) {
        Event<I> asked;
        try {
            asked = EventCodec.read(stage.consumes(), given);
        } catch (CloakproofException unreadable) {
            return; // nobody knows which run it was; the dead letter has the record
        }
        publishFailure(asked, why);
    }

    private O work(Event<I> asked, Lease lease) throws Exception {
        String run = asked.correlationId();
        Cancellations.Work work = around.cancellations().begin(run, stage.context(asked.payload()));
        try (var _ = around.keeper().keep(lease, lost -> work.cancellation.request(lost.problem()))) {
            work.cancellation.check();
            O done = stage.work(asked.payload(), new StageContext(asked, stage.stage(), work, around));
            around.cancellations().requireWanted(work); // a result would bring back what was deleted meanwhile
            return done;
        } finally {
            around.cancellations().end(work);
        }
    }

    private Optional<O> stored(ObjectKey result) throws InvalidProtocolBufferException {
        Optional<ObjectStore.Versioned> bytes = around.objects().get(result);
        return bytes.isEmpty()
                ? Optional.empty()
                : Optional.of(stage.produces().parser().parseFrom(bytes.get().bytes()));
    }

    private void publish(Event<I> asked, O done) {
        around.publisher()
                .publish(asked.leadsTo(
                        stage.produces(), around.source(), "", around.clock().instant(), done));
    }

    private void publishFailure(Event<I> asked, Problem why) {
        RunFailed failed = RunFailed.newBuilder()
                .setContext(stage.context(asked.payload()))
                .setStage(stage.stage())
                .setFailure(Failure.newBuilder()
                        .setReason(why.reason().name())
                        .setMessage(why.message())
                        .putAllMetadata(why.metadata())
                        .setRetryable(why.reason().retryable()))
                .build();
        around.publisher()
                .publish(asked.leadsTo(
                        EventType.RUN_FAILED,
                        around.source(),
                        stage.stage().name(),
                        around.clock().instant(),
                        failed));
    }

    /** A duplicate and a replay carry the same payload and find the same place; a changed one does not. */
    private ObjectKey key(Event<I> asked, String name) {
        String specification = Sha256.of(asked.payload().toByteArray());
        String folder = stage.stage().name().toLowerCase(Locale.ROOT).replace("stage_", "");
        return ObjectKey.of("runs", asked.correlationId(), folder, specification, name);
    }

    private static CloakproofException taken(Event<?> asked) {
        return Reason.WORK_TAKEN
                .problem("another worker is at this work of " + asked.subject())
                .with("run", asked.correlationId())
                .exception();
    }
}
