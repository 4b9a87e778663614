package dev.cloakproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloakproof.tensor.image.GaussianBlur;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.PngText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The purify command as a user calls it. */
class PurifyTest {
    @TempDir
    private Path folder;

    private Path in;
    private Path out;
    private Picture picture;
    private final StringWriter errors = new StringWriter();
    private final StringWriter said = new StringWriter();

    @BeforeEach
    void writePictures() throws IOException {
        in = Files.createDirectory(folder.resolve("in"));
        out = folder.resolve("out");
        byte[] rgb = new byte[20 * 16 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 31);
        }
        picture = Picture.of(20, 16, rgb);
        Files.write(in.resolve("a.png"), PictureWriter.png(picture));
        Files.write(in.resolve("b.jpg"), PictureWriter.jpeg(picture, 90));
    }

    private int cloakproof(Object... arguments) {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(errors, true));
        line.setOut(new PrintWriter(said, true));
        return line.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void everyPictureOfAFolderIsPurifiedAndReported() throws IOException {
        assertThat(cloakproof("purify", in, out, "--method", "gaussian(kernel=0, sigma=2)", "--seed", 7))
                .as(errors.toString())
                .isZero();
        assertThat(PictureReader.DEFAULT.read(out.resolve("a.png"))).isEqualTo(GaussianBlur.of(picture, 2));
        assertThat(PngText.read(Files.readAllBytes(out.resolve("b.png"))).get("cloakproof"))
                .contains("\"method\":\"gaussian(kernel=0, sigma=2)\"")
                .contains("\"seed\":7");
        JsonNode report =
                new ObjectMapper().readTree(out.resolve("purification.json").toFile());
        assertThat(report.at("/pictures/1/source").asText()).endsWith("b.jpg");
        assertThat(report.at("/pictures/1/width").asInt()).isEqualTo(20);
        assertThat(Files.readAllLines(out.resolve("purification.csv"))).hasSize(3);
        assertThat(errors.toString()).contains("1 of 2: a").contains("2 of 2: b");
    }

    @Test
    void oneBadPictureDoesNotStopTheOthers() throws IOException {
        Files.writeString(in.resolve("aa.png"), "this is text, not a picture");
        assertThat(cloakproof("purify", in, out, "--method", "jpeg", "--json")).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(said.toString());
        assertThat(report.at("/pictures/1/outcome").asText()).isEqualTo("failed");
        assertThat(report.at("/pictures/1/reason").asText()).contains("expected a PNG or JPEG picture, found text");
        try (Stream<Path> written = Files.list(out)) {
            assertThat(written.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("a.png", "b.png", "purification.json", "purification.csv");
        }
    }

    @Test
    void aDryRunSaysTheWholeChainAndWritesNothing() {
        assertThat(cloakproof("purify", in, out, "--method", "gaussian | jpeg", "--preset", "PAPER", "--dry-run"))
                .as(errors.toString())
                .isZero();
        assertThat(said.toString()).startsWith("2 pictures: gaussian(").contains(" | jpeg(quality=");
        assertThat(out).doesNotExist();
    }

    @Test
    void stepsAreListedWithDefaultsAndCosts() throws IOException {
        assertThat(cloakproof("purify", "--list")).isZero();
        assertThat(said.toString()).contains("gaussian: ").contains("Cost: ").contains("quality");
        said.getBuffer().setLength(0);
        assertThat(cloakproof("purify", "--list", "--json")).isZero();
        assertThat(new ObjectMapper().readTree(said.toString()).at("/steps").findValuesAsText("name"))
                .contains("none", "gaussian", "jpeg", "tvm");
    }

    @Test
    void whatCannotBeDoneIsSaid() throws IOException {
        assertThat(cloakproof("purify", in, out, "--method", "sr")).isEqualTo(1);
        assertThat(errors.toString()).contains("there is no step 'sr', only");
        assertThat(cloakproof("purify", in, out)).isEqualTo(2);
        assertThat(errors.toString()).contains("IN, OUT and --method are needed");
        assertThat(cloakproof("purify", folder.resolve("no"), out, "--method", "jpeg"))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("there is no");
        assertThat(cloakproof("purify", in, out, "--method", "jpeg", "--pack", folder))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("pack.json cannot be read");
        Files.write(in.resolve("a.jpg"), PictureWriter.jpeg(picture, 90));
        assertThat(cloakproof("purify", in, out, "--method", "jpeg")).isEqualTo(1);
        assertThat(errors.toString()).contains("would both be named a");
        assertThat(out).doesNotExist();
    }

    @Test
    void aPacksUpscalerServesTheSuperResolutionStep() throws IOException {
        Path pack = folder.resolve("pack");
        Path fixture = Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-x4");
        TestPack.write(pack, "upscaler", "x4-upscaler", fixture);
        String method = "sr(steps=2, input=32)";
        assertThat(cloakproof("purify", in.resolve("a.png"), out, "--method", method, "--pack", pack))
                .as(errors.toString())
                .isZero();
        assertThat(PictureReader.DEFAULT.read(out.resolve("a.png"))).isNotEqualTo(picture);
    }
}
