package dev.cloakproof.evaluator.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloakproof.evaluator.index.ModelFiles;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.CloakproofException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Reads the files of models from their manifests in the blob store. */
@Singleton
class ManifestFiles implements ModelFiles {
    private static final Logger LOG = Logger.getLogger(ManifestFiles.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlobStore blobs;

    ManifestFiles(BlobStore blobs) {
        this.blobs = blobs;
    }

    @Override
    public List<Blob> of(Blob manifest) {
        List<Blob> files = new ArrayList<>();
        try {
            for (JsonNode file : JSON.readTree(blobs.get(manifest)).path("files")) {
                files.add(new Blob(
                        file.path("sha256").asText(), file.path("bytes").asLong(), "application/octet-stream"));
            }
        } catch (CloakproofException gone) {
            if (gone.reason().retryable()) {
                throw gone; // the store is away; the files are not
            }
            LOG.infof("the manifest of a model cannot be read: %s", gone.getMessage());
        } catch (IOException | IllegalArgumentException damaged) {
            LOG.infof("no manifest of a model: %s", damaged.getMessage());
        }
        return files;
    }
}
