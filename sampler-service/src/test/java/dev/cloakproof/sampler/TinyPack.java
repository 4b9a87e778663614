package dev.cloakproof.sampler;

import dev.cloakproof.service.TestPack;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.file.Path;
import java.util.Map;

/** A pack of one small random diffusion model, written before the service starts. */
public final class TinyPack implements QuarkusTestProfile {
    public static final Path MODEL =
            Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-sd2");

    private static final Path PACKS = Path.of("target", "packs");

    @Override
    public Map<String, String> getConfigOverrides() {
        new TestPack(PACKS, "tiny")
                .with("diffusion", "stable-diffusion", MODEL)
                .defaults("pictures", Map.of("side", 64.0))
                .defaults("sampling", Map.of("steps", 2.0, "pictures_per_prompt", 2.0))
                .write();
        return Map.of("cloakproof.packs.folder", PACKS.toString());
    }
}
