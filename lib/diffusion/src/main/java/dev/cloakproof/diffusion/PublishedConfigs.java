package dev.cloakproof.diffusion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The configurations of published models, without their weights: what benchmarks build at full size and what tests hold
 * against the published layouts. The values are those of the models' own configuration files.
 */
public enum PublishedConfigs {
    SD14("sd14"),
    SD21_BASE("sd21-base"),
    X4_UPSCALER("x4-upscaler");

    private final String folder;

    PublishedConfigs(String folder) {
        this.folder = folder;
    }

    /** The text of a component's {@code config.json}: {@code unet}, {@code vae} or {@code text_encoder}. */
    public String text(String component) {
        String name = "published/" + folder + "/" + component + ".json";
        try (InputStream in = PublishedConfigs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no published configuration " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ConfigFile config(String component) {
        return ConfigFile.parse(folder + "/" + component, text(component));
    }
}
