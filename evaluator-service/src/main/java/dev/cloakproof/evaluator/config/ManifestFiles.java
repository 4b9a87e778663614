package dev.cloakproof.evaluator.config;

import dev.cloakproof.evaluator.index.ModelFiles;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.service.records.StoredModels;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** Knows the files of a model from its manifest. */
@Singleton
class ManifestFiles implements ModelFiles {
    private static final Logger LOG = Logger.getLogger(ManifestFiles.class);

    private final StoredModels models;

    ManifestFiles(StoredModels models) {
        this.models = models;
    }

    @Override
    public List<Blob> of(Blob manifest) {
        try {
            return models.manifest(manifest).files().stream()
                    .map(file -> new Blob(file.sha256(), file.bytes(), "application/octet-stream"))
                    .toList();
        } catch (CloakproofException gone) {
            if (gone.reason().retryable()) {
                throw gone; // the store is away; the files are not
            }
            LOG.infof("the manifest of a model cannot be read: %s", gone.getMessage());
            return List.of();
        }
    }
}
