package dev.cloakproof.evaluator.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.broker.BrokerExtension;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.KafkaEventPublisher;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.WorkState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A lost index is made again from a real broker and the store. */
class RebuildTest {
    @RegisterExtension
    static final IndexExtension POSTGRES = new IndexExtension();

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @TempDir
    private Path folder;

    private FileObjectStore objects;
    private BlobStore blobs;
    private RunIndex index;
    private IndexHandler handler;
    private Rebuild rebuild;

    @BeforeEach
    void open() {
        objects = new FileObjectStore(folder);
        blobs = new BlobStore(objects);
        ModelFiles none = _ -> List.of();
        index = new RunIndex(POSTGRES.database(), none);
        var clock = new ManualClock();
        handler = new IndexHandler(
                index,
                new Deletions(
                        POSTGRES.database(),
                        objects,
                        blobs,
                        none,
                        new Leases(objects, clock, "test", Duration.ofSeconds(30)),
                        clock));
        rebuild = new Rebuild(POSTGRES.database(), objects, handler);
    }

    @Test
    void theLogHasEverything() {
        TestRun done = new TestRun(blobs, "log-1", "anna", "picture");
        TestRun failed = new TestRun(blobs, "log-2", "anna", "picture");
        try (var publisher = new KafkaEventPublisher(BROKER.settings())) {
            List.of(done.received(), done.purified(), done.trained(), done.sampled(), done.evaluated())
                    .forEach(publisher::publish);
            List.of(failed.received(), failed.failed(Stage.STAGE_PURIFY, 3, Reason.DISK_FULL))
                    .forEach(publisher::publish);
        }
        rebuild.fromLog(BROKER.settings());
        Run first = index.get("log-1").orElseThrow();
        assertThat(first.getState()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
        assertThat(index.get("log-2").orElseThrow().getFailure().getReason()).isEqualTo("DISK_FULL");

        POSTGRES.empty();
        assertThat(index.isEmpty()).isTrue();
        rebuild.fromLog(BROKER.settings());
        assertThat(index.get("log-1")).contains(first);
    }

    @Test
    void theStoreHasWhatEndedWellEvenWhereTheLogIsGone() {
        TestRun run = new TestRun(blobs, "store-1", "anna", "picture");
        store("purify", run.purified().payload().toByteArray());
        store("train", run.trained().payload().toByteArray());
        store("sample", run.sampled().payload().toByteArray());
        store("train/other", new byte[] {1, 2, 3});
        rebuild.fromStore();
        Run partly = index.get("store-1").orElseThrow();
        assertThat(partly.getStage()).isEqualTo(Stage.STAGE_EVALUATE);
        assertThat(partly.getSampledPicturesList()).hasSize(1);
        objects.put(
                new ObjectKey("runs/store-1/cancelled"), "tester".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        rebuild.fromStore();
        assertThat(index.get("store-1").orElseThrow().getState()).isEqualTo(WorkState.WORK_STATE_CANCELLING);
    }

    private void store(String stage, byte[] payload) {
        objects.put(new ObjectKey("runs/store-1/" + stage + "/abc/result.pb"), payload);
    }
}
