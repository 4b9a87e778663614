package dev.cloakproof.service.records;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.config.WorkConfig;
import dev.cloakproof.service.records.ModelManifest.ModelFile;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Personalised models in the blob store: each file is a blob, and so is the manifest that lists them. */
@Singleton
public class StoredModels {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WEIGHTS = "application/octet-stream";

    private final BlobStore blobs;
    private final Path folder;

    StoredModels(BlobStore blobs, WorkConfig work) {
        this.blobs = blobs;
        this.folder = work.folder().resolve("models");
    }

    /**
     * Stores a model's folder.
     *
     * @param manifest of it; its files are filled in here
     * @param context of the work that stores it
     * @return the stored manifest: the same model gives the same one
     */
    public Blob save(Path model, ModelManifest manifest, WorkContext context) {
        List<ModelFile> files = new ArrayList<>();
        for (Path file : files(model)) {
            Blob blob = blobs.put(file, WEIGHTS, context::storing);
            String path = model.relativize(file).toString().replace('\\', '/');
            files.add(new ModelFile(path, blob.sizeBytes(), blob.sha256()));
        }
        var whole = new ModelManifest(
                ModelManifest.FORMAT,
                manifest.pack(),
                manifest.packSha256(),
                manifest.instancePrompt(),
                manifest.samplingSuffix(),
                files);
        try {
            return blobs.put(
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(whole),
                    ModelManifest.MEDIA_TYPE,
                    context::storing);
        } catch (IOException impossible) {
            throw new IllegalStateException("a record of plain values is JSON", impossible);
        }
    }

    /**
     * The manifest of a model.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException BLOB_MISSING, BLOB_CHANGED, or PARAMETER_INVALID if the
     *     blob is no manifest or leads out of its folder
     */
    public ModelManifest manifest(Blob stored) {
        try {
            ModelManifest manifest = JSON.readValue(blobs.get(stored), ModelManifest.class);
            boolean good = manifest.format() == ModelManifest.FORMAT
                    && !manifest.files().isEmpty()
                    && manifest.samplingSuffix() != null
                    && manifest.files().stream().allMatch(StoredModels::inside);
            if (good) {
                return manifest;
            }
        } catch (IOException e) {
            throw noManifest(stored).exception(e);
        }
        throw noManifest(stored).exception();
    }

    private static boolean inside(ModelFile file) {
        return file.path() != null
                && file.path().matches("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)*")
                && file.sha256() != null
                && file.sha256().matches("[0-9a-f]{64}")
                && file.bytes() >= 0;
    }

    private static Problem noManifest(Blob stored) {
        return Reason.PARAMETER_INVALID
                .problem("expected the manifest of a personalised model of format " + ModelManifest.FORMAT
                        + ", found another blob")
                .with("sha256", stored.sha256())
                .at("model", "a manifest as in Training.model");
    }

    /**
     * Copies a model's files below the service's work folder.
     *
     * @return the folder, for the caller to close
     */
    public OpenModel open(Blob stored) {
        ModelManifest manifest = manifest(stored);
        try {
            Files.createDirectories(folder);
            OpenModel model = new OpenModel(manifest, Files.createTempDirectory(folder, "model-"));
            try {
                for (ModelFile file : manifest.files()) {
                    Path target = model.folder().resolve(file.path());
                    Files.createDirectories(target.getParent());
                    blobs.download(new Blob(file.sha256(), file.bytes(), WEIGHTS), target);
                }
                return model;
            } catch (RuntimeException | IOException e) {
                model.close();
                throw e;
            }
        } catch (IOException e) {
            throw Reason.DISK_FULL
                    .problem("the model cannot be copied to " + folder + ": " + e.getMessage())
                    .exception(e);
        }
    }

    /** Deletes the copies of an earlier process that was killed: they are personal. Nobody else may use the work folder. */
    public void sweep() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> left = Files.list(folder)) {
            left.forEach(StoredModels::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A model's files on this machine until it is closed.
     *
     * @param folder as the Python library lays it out
     */
    public record OpenModel(ModelManifest manifest, Path folder) implements AutoCloseable {
        @Override
        public void close() {
            delete(folder);
        }
    }
}
