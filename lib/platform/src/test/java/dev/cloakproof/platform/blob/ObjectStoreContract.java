package dev.cloakproof.platform.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.platform.blob.ObjectStore.Version;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every object store does, and what the blob store does on top of it. */
abstract class ObjectStoreContract {
    private static final byte[] ONE = {1};
    private static final byte[] TWO = {2, 2};

    private ObjectStore store;
    private BlobStore blobs;
    private ObjectKey key;

    /** The store under test; tests share it and use keys of their own. */
    abstract ObjectStore open();

    @BeforeEach
    void begin() {
        store = open();
        blobs = new BlobStore(store);
        key = ObjectKey.of("tests", UUID.randomUUID().toString(), "object.bin");
    }

    @Test
    void whatWasPutIsThereAndReplacedByTheNextPut() {
        store.put(key, ONE);
        store.put(key, TWO);

        assertThat(store.get(key).orElseThrow().bytes()).isEqualTo(TWO);
    }

    @Test
    void whatWasNeverPutIsEmptyEverywhere(@TempDir Path folder) {
        assertThat(store.get(key)).isEmpty();
        assertThat(store.read(key, 0, 1)).isEmpty();
        assertThat(store.download(key, folder.resolve("copy"))).isFalse();
        assertThat(store.delete(key)).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theBlobStoreHoldsWhatWasPut() {
        byte[] bytes = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        Blob blob = blobs.put(bytes, "text/plain");
        assertThat(blobs.holds(blob)).isTrue();
        blobs.delete(blob);
        assertThat(blobs.holds(blob)).isFalse();
    }

    @Test
    void onlyTheFirstOfTwoWinsAnAbsentKey() {
        assertThat(store.putIfAbsent(key, ONE)).isPresent();
        assertThat(store.putIfAbsent(key, TWO)).isEmpty();
        assertThat(store.get(key).orElseThrow().bytes()).isEqualTo(ONE);
    }

    @Test
    void replaceNeedsTheVersionThatIsThere() {
        Version first = store.putIfAbsent(key, ONE).orElseThrow();
        Version second = store.replace(key, TWO, first).orElseThrow();

        assertThat(store.replace(key, ONE, first)).isEmpty();
        assertThat(store.get(key).orElseThrow().version()).isEqualTo(second);
        assertThat(store.get(key).orElseThrow().bytes()).isEqualTo(TWO);
    }

    @Test
    void replaceDoesNotCreate() {
        Version gone = store.putIfAbsent(key, ONE).orElseThrow();
        store.delete(key);

        assertThat(store.replace(key, TWO, gone)).isEmpty();
        assertThat(store.get(key)).isEmpty();
    }

    @Test
    void readGivesThePartThatIsThere() {
        store.put(key, new byte[] {0, 1, 2, 3, 4});

        assertThat(store.read(key, 1, 3)).contains(new byte[] {1, 2, 3});
        assertThat(store.read(key, 3, 10)).contains(new byte[] {3, 4});
        assertThat(store.read(key, 9, 1)).contains(new byte[0]);
    }

    @Test
    void listGivesKeysBelowThePrefixInOrder() {
        String folder = "tests/" + UUID.randomUUID();
        store.put(new ObjectKey(folder + "/b/2"), ONE);
        store.put(new ObjectKey(folder + "/a"), ONE);
        store.put(new ObjectKey(folder + "/b/1"), ONE);
        store.put(new ObjectKey(folder + "x/c"), ONE);

        assertThat(store.list(folder + "/"))
                .isEqualTo(List.of(
                        new ObjectKey(folder + "/a"), new ObjectKey(folder + "/b/1"), new ObjectKey(folder + "/b/2")));
        assertThat(store.list(folder + "/b"))
                .isEqualTo(List.of(new ObjectKey(folder + "/b/1"), new ObjectKey(folder + "/b/2")));
        assertThat(store.list(folder + "/none/")).isEmpty();
    }

    @Test
    void deletedIsGone() {
        store.put(key, ONE);

        assertThat(store.delete(key)).isTrue();
        assertThat(store.get(key)).isEmpty();
    }

    @Test
    void aFileGoesInAndComesOutWhole(@TempDir Path folder) throws IOException {
        byte[] weights = new byte[3_000_000];
        new Random(1).nextBytes(weights);
        Path file = Files.write(folder.resolve("weights"), weights);

        Blob blob = blobs.put(file, "application/octet-stream");
        blobs.download(blob, folder.resolve("copy"));

        assertThat(folder.resolve("copy")).hasBinaryContent(weights);
        assertThat(blob.sizeBytes()).isEqualTo(weights.length);
    }

    @Test
    void sameBytesAreOneBlob() {
        Blob blob = blobs.put(TWO, "image/png");

        assertThat(blobs.put(TWO, "image/png")).isEqualTo(blob);
        assertThat(blobs.get(blob)).isEqualTo(TWO);
        assertThat(blobs.read(blob, 1, 1)).containsExactly(2);
    }

    @Test
    void aChangedBlobIsAnErrorAndPuttingItAgainMendsIt(@TempDir Path folder) {
        Blob blob = blobs.put("before".getBytes(), "text/plain");
        store.put(blob.key(), "behind".getBytes());

        assertReason(Reason.BLOB_CHANGED, () -> blobs.get(blob));
        assertReason(Reason.BLOB_CHANGED, () -> blobs.download(blob, folder.resolve("copy")));
        assertThat(folder).isEmptyDirectory();

        blobs.put("before".getBytes(), "text/plain");
        assertThat(blobs.get(blob)).isEqualTo("before".getBytes());
    }

    @Test
    void aReferenceWithTheWrongSizeIsAnError() {
        Blob blob = blobs.put("size".getBytes(), "text/plain");

        assertReason(Reason.BLOB_CHANGED, () -> blobs.get(new Blob(blob.sha256(), 5, "text/plain")));
    }

    @Test
    void aMissingBlobIsAnError(@TempDir Path folder) {
        Blob blob = blobs.put("soon gone".getBytes(), "text/plain");
        assertThat(blobs.delete(blob)).isTrue();

        assertReason(Reason.BLOB_MISSING, () -> blobs.get(blob));
        assertReason(Reason.BLOB_MISSING, () -> blobs.read(blob, 0, 1));
        assertReason(Reason.BLOB_MISSING, () -> blobs.download(blob, folder.resolve("copy")));
    }

    static void assertReason(Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(CloakproofException.class)
                .isThrownBy(call)
                .returns(reason, CloakproofException::reason);
    }
}
