package dev.cloakproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloakproof.diffusion.guided.GuidedUNet;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pack in this repository, as a user has it. */
class MiniPackTest {
    private static final Path PACK = Path.of("..", "deploy", "models", "mini");
    private static final Path EXAMPLE = PACK.resolve("example");
    private static final long MEGABYTE = 1L << 20;

    @TempDir
    private Path folder;

    @Test
    void itIsSmallAndEveryComponentHasACard() throws IOException {
        ModelPack pack = ModelPack.open(PACK);
        long bytes = pack.components().values().stream()
                .flatMap(component -> component.files().stream())
                .distinct()
                .mapToLong(file -> file.bytes())
                .sum();
        assertThat(bytes).isBetween(30 * MEGABYTE, 40 * MEGABYTE);
        assertThat(pack.components()).hasSize(14);
        for (var component : pack.components().values()) {
            assertThat(PACK.resolve(component.path()).resolve("README.md")).isNotEmptyFile();
        }
    }

    @Test
    void whatNoCommandHereLoadsLoads() {
        ModelPack pack = ModelPack.open(PACK);
        StableDiffusion.load(pack.path("diffusion", "stable-diffusion"), Placement.REFERENCE)
                .close();
        GuidedUNet.load(pack.path("pixel-diffusion", "guided-diffusion"), Placement.REFERENCE)
                .close();
    }

    @Test
    void itTellsAPersonFromAnother() throws IOException {
        JsonNode same = means(score(EXAMPLE.resolve("clean")));
        assertThat(same.at("/ims/mean").asDouble()).isGreaterThan(0.6);
        assertThat(same.at("/liqe/mean").asDouble()).isGreaterThan(4);
        assertThat(same.at("/clip_iqac/mean").asDouble()).isGreaterThan(0.4);
        Path others = folder.resolve("others");
        run("draw", others.toString(), "--subject", "900010", "--subjects", "4", "--count", "1");
        assertThat(means(score(others)).at("/ims/mean").asDouble()).isLessThan(0.2);
    }

    @Test
    void itPurifiesWithTheSettingsThatSuitIt() throws IOException {
        Path out = folder.resolve("purified");
        run(
                "purify",
                EXAMPLE.resolve("protected").toString(),
                out.toString(),
                "--method",
                "codesr",
                "--pack",
                "" + PACK);
        List<Path> made;
        try (Stream<Path> files = Files.list(out)) {
            made = files.filter(file -> file.toString().endsWith(".png")).toList();
        }
        assertThat(made).hasSize(4);
        for (Path file : made) {
            Picture picture = PictureReader.DEFAULT.read(file);
            assertThat(picture.width()).isEqualTo(192);
        }
        JsonNode scores = means(score(out));
        assertThat(scores.at("/ims/mean").asDouble()).as("still the person").isGreaterThan(0.5);
    }

    private JsonNode score(Path samples) throws IOException {
        Path scores = folder.resolve("scores");
        run(
                "score",
                "--samples",
                samples.toString(),
                "--reference",
                EXAMPLE.resolve("reference").toString(),
                "--pack",
                PACK.toString(),
                "--out",
                scores.toString());
        return new ObjectMapper().readTree(scores.resolve("scores.json").toFile());
    }

    private static JsonNode means(JsonNode scores) {
        return scores.at("/means");
    }

    private static void run(String... arguments) {
        var err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        assertThat(code).as(err.toString()).isZero();
    }
}
