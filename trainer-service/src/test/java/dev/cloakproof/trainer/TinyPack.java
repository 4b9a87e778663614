package dev.cloakproof.trainer;

import dev.cloakproof.service.TestPack;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.file.Path;
import java.util.Map;

/** A trainer with a pack of the tiny model, which brings numbers that suit it. */
public final class TinyPack implements QuarkusTestProfile {
    public static final int STEPS = 6;
    public static final int CLASS_PICTURES = 2;

    /** Named here, for a profile is made before there is an engine, which touching the fixtures would start. */
    private static final Path MODEL =
            Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-sd2");

    private static final double SIDE = 64;

    @Override
    public Map<String, String> getConfigOverrides() {
        Path packs = Path.of("target", "test-packs");
        new TestPack(packs, "tiny")
                .with("diffusion", "stable-diffusion", MODEL)
                .defaults("pictures", Map.of("side", SIDE))
                .defaults(
                        "training",
                        Map.of(
                                "steps", (double) STEPS,
                                "learning_rate", 2e-4,
                                "class_pictures", (double) CLASS_PICTURES,
                                "checkpoint_interval", 4.0,
                                "eight_bit", 0.0,
                                "recompute", 0.0))
                .defaults("sampling", Map.of("steps", 2.0, "guidance_scale", 1.0, "decoupling", 0.0))
                .write();
        return Map.of("cloakproof.packs.folder", packs.toString());
    }
}
