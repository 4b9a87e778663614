package dev.cloakproof.evaluator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.Claims;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.blob.ObjectKey;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Event;
import dev.cloakproof.platform.lease.Lease;
import dev.cloakproof.platform.lease.Leases;
import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.v1.Stage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What goes and what stays, in a real PostgreSQL and a store on files. */
class DeletionsTest {
    @RegisterExtension
    static final IndexExtension POSTGRES = new IndexExtension();

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private FileObjectStore objects;
    private Leases leases;
    private RunIndex index;
    private Deletions deletions;
    private IndexHandler handler;
    private TestRun anna;
    private TestRun bert;

    @BeforeEach
    void twoRunsThatShareAPicture() {
        objects = new FileObjectStore(folder);
        var blobs = new BlobStore(objects);
        anna = new TestRun(blobs, "r-anna", "anna", "shared picture", "picture of anna");
        bert = new TestRun(blobs, "r-bert", "bert", "shared picture");
        ModelFiles models = manifest -> manifest.equals(anna.text("manifest of r-anna"))
                ? anna.modelFiles()
                : manifest.equals(bert.text("manifest of r-bert")) ? bert.modelFiles() : List.of();
        index = new RunIndex(POSTGRES.database(), models);
        leases = new Leases(objects, clock, "test", Duration.ofSeconds(30));
        deletions = new Deletions(POSTGRES.database(), objects, blobs, models, leases, clock);
        handler = new IndexHandler(index, deletions);
        clock.advance(Duration.ofHours(1)); // the runs began when the clock did
        all(anna).forEach(handler::take);
        all(bert).forEach(handler::take);
        objects.put(key("runs/r-anna/train/abc/result.pb"), new byte[1]);
        objects.put(key("runs/r-anna/train/abc/checkpoint"), new byte[1]);
        objects.put(key("runs/r-anna/cancelled"), "tester".getBytes(StandardCharsets.UTF_8));
    }

    private static List<Event<?>> all(TestRun run) {
        return List.of(run.received(), run.purified(), run.trained(), run.sampled(), run.evaluated());
    }

    private static ObjectKey key(String text) {
        return new ObjectKey(text);
    }

    private List<String> left(String prefix) {
        return objects.list(prefix).stream().map(ObjectKey::text).toList();
    }

    private boolean isThere(String content) {
        Blob blob = new Blob(dev.cloakproof.platform.blob.Sha256.of(content), 0, "text/plain");
        return left("blobs/").stream().anyMatch(key -> key.endsWith(blob.sha256()));
    }

    @Test
    void aSubjectGoesWithEverythingThatNobodyElseHolds() {
        Deleted deleted = deletions.subject("anna", clock.instant());
        // The reference, the own picture, purified, manifest, own file, curve, sample, report, scores.
        assertThat(deleted.blobs()).isEqualTo(9);
        assertThat(deleted.runs()).isEqualTo(1);
        assertThat(deleted.sizeBytes()).isPositive();
        assertThat(index.get("r-anna")).isEmpty();
        assertThat(isThere("picture of anna")).isFalse();
        assertThat(isThere("unet of r-anna")).isFalse();
        assertThat(isThere("report of r-anna")).isFalse();
        assertThat(left("runs/r-anna/")).containsExactly("runs/r-anna/cancelled", "runs/r-anna/deleted");

        assertThat(isThere("shared picture")).isTrue();
        assertThat(isThere("vae of all")).isTrue();
        assertThat(isThere("unet of r-bert")).isTrue();
        assertThat(index.get("r-bert")).isPresent();
        assertThat(deletions.subject("anna", clock.instant())).isEqualTo(Deleted.NOTHING);
        assertThat(left("")).noneMatch(key -> key.contains("anna") && !key.startsWith("runs/r-anna"));

        deletions.run("r-bert");
        assertThat(left("blobs/")).isEmpty();
    }

    @Test
    void whatComesLateOfADeletedRunGoesToo() {
        deletions.run("r-anna");
        all(anna).forEach(handler::take); // redelivered, and their stages stored the blobs again
        anna.text("sample of r-anna");
        anna.modelFiles();
        assertThat(isThere("sample of r-anna")).isTrue();
        handler.take(anna.sampled());
        handler.take(anna.progress(Stage.STAGE_TRAIN, 99, 1, 0));
        assertThat(index.get("r-anna")).isEmpty();
        assertThat(isThere("sample of r-anna")).isFalse();
        assertThat(isThere("unet of r-anna")).isFalse();
        assertThat(isThere("shared picture")).isTrue();
    }

    @Test
    void blobsThatNoEventNamedGoByTheirClaims() {
        Claims claims = new Claims(objects);
        claims.add("runs/r-anna", anna.text("half a purification of anna"));
        claims.add("runs/r-anna", anna.text("shared picture"));
        claims.add("runs/r-bert", bert.text("half a purification of bert"));
        deletions.subject("anna", clock.instant());
        assertThat(isThere("half a purification of anna")).isFalse();
        assertThat(isThere("shared picture")).isTrue();
        assertThat(isThere("half a purification of bert")).isTrue();
        assertThat(left("runs/r-anna/")).containsExactly("runs/r-anna/cancelled", "runs/r-anna/deleted");
    }

    @Test
    void claimsOfAStageAtWorkStayUntilItSaysThatItHasEnded() {
        Lease held = leases.acquire(key("runs/r-anna/train/abc/lease.json")).orElseThrow();
        Blob picture = anna.text("what a stage is about to store");
        new BlobStore(objects).delete(picture);
        new Claims(objects).add("runs/r-anna", picture);
        deletions.subject("anna", clock.instant());
        assertThat(left("runs/r-anna/")).anyMatch(name -> name.contains("/blobs/"));

        anna.text("what a stage is about to store"); // it had looked before
        held.close();
        handler.take(anna.failed(Stage.STAGE_TRAIN, 5, Reason.CANCELLED));
        assertThat(isThere("what a stage is about to store")).isFalse();
        assertThat(left("runs/r-anna/")).containsExactly("runs/r-anna/cancelled", "runs/r-anna/deleted");
    }

    @Test
    void whatIsReleasedGoesAndWhatOthersClaimStays() {
        Claims claims = new Claims(objects);
        String anns = "jobs/trainings/all/j1-a";
        String bobs = "jobs/trainings/all/j1-b";
        claims.add(anns, anna.text("model of a job"));
        claims.add(anns, anna.text("text encoder of all jobs"));
        claims.add(anns, anna.text("shared picture"));
        claims.add(bobs, bert.text("text encoder of all jobs"));
        objects.put(key(anns + "/job.pb"), new byte[1]);
        objects.put(key(bobs + "/job.pb"), new byte[1]);

        assertThat(deletions.released(anns).blobs()).isEqualTo(1);
        assertThat(isThere("model of a job")).isFalse();
        assertThat(isThere("text encoder of all jobs")).isTrue();
        assertThat(isThere("shared picture")).isTrue();
        assertThat(left(anns + "/")).isEmpty();
        assertThat(left(bobs + "/")).hasSize(2);
        assertThat(deletions.released(anns)).isEqualTo(Deleted.NOTHING);

        deletions.run("r-anna");
        deletions.run("r-bert"); // its text encoder would be another one; the job's stays
        assertThat(isThere("text encoder of all jobs")).isTrue();
        for (String wrong :
                List.of("", "runs/r-bert", "blobs/ab", "jobs/trainings/all", "jobs/trainings/all/../../x")) {
            assertThat(catchThrowable(() -> deletions.released(wrong))).hasMessageContaining("EVENT_UNREADABLE");
        }
    }

    @Test
    void aRunWhoseFirstEventComesAfterTheSubjectWasDeletedIsDeletedToo() {
        deletions.subject("anna", clock.instant());
        var blobs = new BlobStore(objects);
        handler.take(new TestRun(blobs, "r-late", "anna", "late picture").received());
        assertThat(index.get("r-late")).isEmpty();
        assertThat(isThere("late picture")).isFalse();
        handler.take(new TestRun(blobs, "r-other", "carla", "other picture").received());
        assertThat(index.get("r-other")).isPresent();
    }

    @Test
    void whatIsDeletedStaysDeletedWhenTheDatabaseIsLost() {
        deletions.subject("anna", clock.instant());
        POSTGRES.empty();
        new Rebuild(POSTGRES.database(), objects, handler).fromStore();
        all(anna).forEach(handler::take);
        assertThat(index.get("r-anna")).isEmpty();
        assertThat(isThere("picture of anna")).isFalse();
    }

    @Test
    void retentionEndsEachKindInItsTime() {
        clock.advance(Duration.ofDays(6));
        assertThat(deletions.expired(Retention.STANDARD)).isEqualTo(Deleted.NOTHING);

        clock.advance(Duration.ofDays(1)); // models: 7 days
        assertThat(deletions.expired(Retention.STANDARD).blobs()).isEqualTo(5);
        assertThat(isThere("unet of r-anna")).isFalse();
        assertThat(isThere("vae of all")).isFalse();
        assertThat(left("runs/r-anna/train/")).containsExactly("runs/r-anna/train/abc/result.pb");
        assertThat(isThere("picture of anna")).isTrue();

        clock.advance(Duration.ofDays(23)); // pictures and samples: 30
        deletions.expired(Retention.STANDARD);
        assertThat(isThere("picture of anna")).isFalse();
        assertThat(isThere("shared picture")).isFalse();
        assertThat(isThere("sample of r-anna")).isFalse();
        assertThat(isThere("report of r-anna")).isTrue();
        assertThat(index.get("r-anna")).isPresent();

        clock.advance(Duration.ofDays(335)); // reports: a year, and the run with them
        deletions.expired(Retention.STANDARD);
        assertThat(left("blobs/")).isEmpty();
        assertThat(index.get("r-anna")).isEmpty();
    }
}
