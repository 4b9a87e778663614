package dev.cloakproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PretrainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path home;

    @Test
    void aComponentIsTrainedAndWrittenIntoThePack() {
        assertThat(run("pretrain", "autoencoder", "--smoke", "--steps", "20", "--home", home.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("autoencoder 20/20")
                .contains("psnr")
                .contains("finished");
        assertThat(home.resolve("pack/autoencoder/diffusion_pytorch_model.safetensors"))
                .isNotEmptyFile();
    }

    @Test
    void theListNamesAllComponents() {
        assertThat(run("pretrain", "--list")).isZero();
        assertThat(out.toString())
                .contains("text-to-image")
                .contains("upscaler")
                .contains("restorer");
    }

    @Test
    void anUnknownComponentIsRefusedBeforeAnythingIsWritten() {
        Path nowhere = home.resolve("none");
        assertThat(run("pretrain", "unet", "--home", nowhere.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no component 'unet'");
        assertThat(nowhere).doesNotExist();
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
