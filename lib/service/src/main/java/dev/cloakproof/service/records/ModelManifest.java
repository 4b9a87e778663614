package dev.cloakproof.service.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a personalised model is: a Hugging Face folder that the Python library opens, file by file.
 *
 * @param format of this manifest, {@value #FORMAT}
 * @param pack the model pack that training began with
 * @param packSha256 of that pack's manifest
 * @param instancePrompt caption of the subject's pictures in training
 * @param samplingSuffix what a prompt ends with for decoupled sampling, such as {@code " without t@j noisy pattern"};
 *     empty for a model that was trained without decoupling
 * @param files all of them
 */
public record ModelManifest(
        int format,
        String pack,
        @JsonProperty("pack_sha256") String packSha256,
        @JsonProperty("instance_prompt") String instancePrompt,
        @JsonProperty("sampling_suffix") String samplingSuffix,
        List<ModelFile> files) {
    public static final int FORMAT = 1;
    public static final String MEDIA_TYPE = "application/vnd.cloakproof.model+json";

    /**
     * A file of the model.
     *
     * @param path relative to the model's folder, with slashes
     */
    public record ModelFile(String path, long bytes, String sha256) {}

    public ModelManifest {
        files = files == null ? List.of() : List.copyOf(files);
    }
}
