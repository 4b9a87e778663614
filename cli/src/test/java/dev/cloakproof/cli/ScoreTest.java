package dev.cloakproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloakproof.tensor.image.GaussianBlur;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The score command as a user calls it, with the scores that need no weights. */
class ScoreTest {
    @TempDir
    private Path folder;

    private Path samples;
    private Path originals;
    private final StringWriter errors = new StringWriter();
    private final StringWriter said = new StringWriter();

    @BeforeEach
    void writePictures() throws IOException {
        samples = Files.createDirectory(folder.resolve("samples"));
        originals = Files.createDirectory(folder.resolve("originals"));
        byte[] rgb = new byte[192 * 180 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 31 + i / 700);
        }
        Picture picture = Picture.of(192, 180, rgb);
        for (String name : new String[] {"a.png", "b.png"}) {
            Files.write(originals.resolve(name), PictureWriter.png(picture));
        }
        Files.write(samples.resolve("a.png"), PictureWriter.png(picture));
        Files.write(samples.resolve("b.png"), PictureWriter.png(GaussianBlur.of(picture, 3)));
    }

    private int cloakproof(Object... arguments) {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(errors, true));
        line.setOut(new PrintWriter(said, true));
        return line.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void anEqualPictureIsPerfectAndABlurredOneIsNot() throws IOException {
        assertThat(cloakproof("score", "--samples", samples, "--original", originals))
                .as(errors.toString())
                .isZero();
        JsonNode scores =
                new ObjectMapper().readTree(samples.resolve("scores.json").toFile());
        assertThat(scores.at("/pictures/0/scores/ssim").asDouble()).isEqualTo(1);
        assertThat(scores.at("/pictures/0/scores/psnr").asDouble()).isEqualTo(80);
        assertThat(scores.at("/pictures/1/scores/ssim").asDouble()).isBetween(-0.5, 0.9);
        assertThat(scores.at("/pictures/1/scores/psnr").asDouble()).isBetween(3.0, 30.0);
        assertThat(scores.at("/means/psnr/better").asText()).isEqualTo("HIGHER");
        assertThat(Files.readAllLines(samples.resolve("scores.csv"))).hasSize(3);
        assertThat(said.toString()).contains("ssim").contains("2").contains("higher is better");
    }

    @Test
    void aPictureThatCannotBeReadIsReportedAndTheOthersAreScored() throws IOException {
        Files.writeString(samples.resolve("b.png"), "no picture");
        assertThat(cloakproof("score", "--samples", samples, "--original", originals, "--json"))
                .isEqualTo(1);
        JsonNode scores = new ObjectMapper().readTree(said.toString());
        assertThat(scores.at("/pictures_with_problems").asInt()).isEqualTo(1);
        assertThat(scores.at("/pictures/1/problems/0").asText()).contains("expected a PNG or JPEG picture");
        assertThat(scores.at("/means/ssim/count").asInt()).isEqualTo(1);
    }

    @Test
    void twoSetsAreComparedPictureByPicture() throws IOException {
        Path others = Files.createDirectory(folder.resolve("others"));
        for (int i = 0; i < 8; i++) {
            Picture picture = Picture.of(192, 180, levels(i));
            Files.write(originals.resolve("p" + i + ".png"), PictureWriter.png(picture));
            Files.write(samples.resolve("p" + i + ".png"), PictureWriter.png(GaussianBlur.of(picture, 1 + i / 8f)));
            Files.write(others.resolve("p" + i + ".png"), PictureWriter.png(GaussianBlur.of(picture, 3 + i / 8f)));
        }
        Files.delete(samples.resolve("a.png"));
        Files.delete(samples.resolve("b.png"));
        assertThat(cloakproof("score", "--samples", samples, "--original", originals, "--against", others))
                .as(errors.toString())
                .isZero();
        JsonNode scores =
                new ObjectMapper().readTree(samples.resolve("scores.json").toFile());
        JsonNode psnr = scores.at("/tests")
                .valueStream()
                .filter(test -> test.path("metric").asText().equals("psnr"))
                .findAny()
                .orElseThrow();
        assertThat(psnr.path("pairs").asInt()).isEqualTo(8);
        assertThat(psnr.path("probability").asDouble()).isEqualTo(2.0 / 256);
        assertThat(scores.at("/against/means/psnr/mean").asDouble())
                .isLessThan(scores.at("/means/psnr/mean").asDouble());
        assertThat(scores.at("/against/paired").asText()).isEqualTo("by name");
        assertThat(Files.readAllLines(samples.resolve("scores-against.csv"))).hasSize(9);
        assertThat(said.toString()).contains("signed-rank test").contains("psnr");
        Files.delete(others.resolve("p7.png"));
        assertThat(cloakproof("score", "--samples", samples, "--original", originals, "--against", others))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("has 8 pictures and").contains("others 7");
    }

    private static byte[] levels(int kind) {
        byte[] rgb = new byte[192 * 180 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * (31 + 2 * kind) + i / 700);
        }
        return rgb;
    }

    @Test
    void whatCannotBeScoredIsSaid() throws IOException {
        assertThat(cloakproof("score", "--samples", samples)).isEqualTo(1);
        assertThat(errors.toString()).contains("nothing to score with");
        assertThat(cloakproof("score", "--samples", samples, "--original", originals, "--reference", originals))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("--reference needs --pack");
        Files.delete(originals.resolve("b.png"));
        assertThat(cloakproof("score", "--samples", samples, "--original", originals))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("lacks originals of [b]");
    }
}
