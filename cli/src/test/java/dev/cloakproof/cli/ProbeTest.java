package dev.cloakproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.parity.Parity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The probe as a user calls it, on the fixtures of lib/diffusion. */
@Tag(Parity.TAG)
class ProbeTest {
    private static final Path FIXTURES = Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures");

    @TempDir
    private Path folder;

    private final StringWriter errors = new StringWriter();
    private final StringWriter said = new StringWriter();

    private int probe(String net, String inputs, String... more) {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(errors, true));
        line.setOut(new PrintWriter(said, true));
        List<String> arguments = List.of(
                "probe",
                "--pack",
                FIXTURES.toString(),
                "--net",
                net,
                "--inputs",
                FIXTURES.resolve(inputs).toString(),
                "--outputs",
                folder.resolve("out.safetensors").toString());
        return line.execute(Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void aUnetWithGradientsGivesWhatTheReferenceGives() {
        int code = probe("unet-sd2", "unet-sd2/case.safetensors", "--grad");
        assertThat(code).as(errors.toString()).isZero();
        try (var _ = Scope.open()) {
            Map<String, Tensor> found = Pretrained.tensors(folder.resolve("out.safetensors"));
            Map<String, Tensor> expected = Pretrained.tensors(FIXTURES.resolve("unet-sd2/case.safetensors"));
            expected.keySet().removeIf(name -> name.startsWith("in."));
            Parity.relative("probe --grad unet-sd2, " + found.size() + " tensors", found, expected, 1e-3, 1e-2);
        }
    }

    @Test
    void anAutoencoderEncodesPixels() {
        try (var _ = Scope.open()) {
            Map<String, Tensor> expected = Pretrained.tensors(FIXTURES.resolve("vae-f8/case.safetensors"));
            Path inputs = folder.resolve("in.safetensors");
            Pretrained.save(inputs, Map.of("pixels", expected.get("in.pixels")), Map.of());
            assertThat(probe("vae-f8", inputs.toAbsolutePath().toString(), "--json"))
                    .as(errors.toString())
                    .isZero();
            Map<String, Tensor> found = Pretrained.tensors(folder.resolve("out.safetensors"));
            Parity.relative("probe vae-f8 mean", found.get("out.mean"), expected.get("out.mean"), 1e-5);
            assertThat(said.toString())
                    .contains("\"network\":\"AutoencoderKL\"")
                    .contains("out.logvar");
        }
    }

    @Test
    void aMissingInputIsNamedAndNothingIsWritten() {
        int code = probe("unet-sd2", "vae-f8/case-sample.safetensors");
        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).contains("the inputs lack 'sample'");
        assertThat(Files.exists(folder.resolve("out.safetensors"))).isFalse();
    }

    @Test
    void anUnknownNetworkIsNamed() {
        assertThat(probe("schedulers", "unet-sd2/case.safetensors")).isEqualTo(1);
        assertThat(errors.toString()).contains("config.json").contains("cannot be read");
    }
}
