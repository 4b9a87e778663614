package dev.cloakproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The protect command as a user calls it, against a tiny model. */
class ProtectTest {
    private static final Path MODEL =
            Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-sd2");

    @TempDir
    private Path folder;

    private Path in;
    private Path out;
    private Picture picture;
    private final StringWriter errors = new StringWriter();

    @BeforeEach
    void writePictures() throws IOException {
        in = Files.createDirectory(folder.resolve("in"));
        out = folder.resolve("out");
        byte[] rgb = new byte[32 * 32 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 31);
        }
        picture = Picture.of(32, 32, rgb);
        Files.write(in.resolve("a.png"), PictureWriter.png(picture));
    }

    private int protect(Object... more) {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(errors, true));
        Object[] first = {"protect", in, out, "--model", MODEL, "--size", 32};
        return line.execute(Stream.concat(Arrays.stream(first), Arrays.stream(more))
                .map(Object::toString)
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(Protect.Method.class)
    void everyMethodChangesThePictureWithinItsBudget(Protect.Method method) throws IOException {
        int code = protect(
                "--method",
                method,
                "--budget",
                6,
                "--steps",
                4,
                "--rounds",
                1,
                "--surrogate-steps",
                2,
                "--clean",
                in,
                "--prior",
                in);
        assertThat(code).as(errors.toString()).isZero();
        JsonNode said =
                new ObjectMapper().readTree(out.resolve("protection.json").toFile());
        assertThat(said.at("/pictures/0/largest_change_levels").asInt()).isBetween(1, 6);
        assertThat(PictureReader.DEFAULT.read(out.resolve("a.png"))).isNotEqualTo(picture);
        assertThat(errors.toString()).contains(method + ": step ");
    }

    @Test
    void aSeedGivesTheSamePicture() throws IOException {
        assertThat(protect("--method", "advdm", "--steps", 3, "--seed", 5)).isZero();
        byte[] first = Files.readAllBytes(out.resolve("a.png"));
        assertThat(protect("--method", "advdm", "--steps", 3, "--seed", 5)).isZero();
        assertThat(Files.readAllBytes(out.resolve("a.png"))).isEqualTo(first);
    }

    @Test
    void aSurrogateWithoutPicturesIsRefused() {
        assertThat(protect("--method", "aspl")).isEqualTo(1);
        assertThat(out).doesNotExist();
    }
}
