package dev.cloakproof.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.records.ModelManifest;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.service.records.StoredModels.OpenModel;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@TestProfile(CallersTest.Guarded.class)
class StoredModelsTest {
    @Inject
    StoredModels models;

    @Inject
    BlobStore blobs;

    @TempDir
    Path folder;

    private Blob save() throws IOException {
        Files.createDirectories(folder.resolve("unet"));
        Files.writeString(folder.resolve("model_index.json"), "{}");
        Files.writeString(folder.resolve("unet/config.json"), "{\"a\": 1}");
        return models.save(
                folder,
                new ModelManifest(0, "mini", "f".repeat(64), "a photo", " without it", List.of()),
                WorkContext.UNWATCHED);
    }

    @Test
    void aModelComesBackFileByFileAndLeavesNothing() throws IOException {
        Blob stored = save();
        assertThat(save()).isEqualTo(stored);
        Path copy;
        try (OpenModel model = models.open(stored)) {
            copy = model.folder();
            assertThat(copy.resolve("unet/config.json")).hasContent("{\"a\": 1}");
            assertThat(model.manifest().pack()).isEqualTo("mini");
            assertThat(model.manifest().samplingSuffix()).isEqualTo(" without it");
            assertThat(model.manifest().files()).hasSize(2);
        }
        assertThat(copy).doesNotExist();
    }

    @Test
    void aManifestThatLeadsOutOfItsFolderIsRefused() {
        assertRefused("""
            {"format": 1, "pack": "mini", "pack_sha256": "", "instance_prompt": "", "sampling_suffix": "", "files":
              [{"path": "../escape", "bytes": 1, "sha256": "%s"}]}\
            """.formatted("f".repeat(64)));
    }

    @Test
    void anotherBlobIsNoManifest() {
        assertRefused("not JSON");
        assertRefused("{\"format\": 2}");
    }

    @Test
    void aModelOfWhichAFileIsMissingLeavesNoFolder() throws IOException {
        Blob stored = save();
        models.manifest(stored).files().forEach(file -> blobs.delete(new Blob(file.sha256(), file.bytes(), "")));
        CloakproofException missing = catchThrowableOfType(CloakproofException.class, () -> models.open(stored));
        assertThat(missing.reason()).isEqualTo(Reason.BLOB_MISSING);
        assertThat(Path.of("target/work/models")).isEmptyDirectory();
    }

    private void assertRefused(String manifest) {
        Blob stored = blobs.put(manifest.getBytes(StandardCharsets.UTF_8), ModelManifest.MEDIA_TYPE);
        CloakproofException refused = catchThrowableOfType(CloakproofException.class, () -> models.open(stored));
        assertThat(refused.reason()).isEqualTo(Reason.PARAMETER_INVALID);
    }
}
