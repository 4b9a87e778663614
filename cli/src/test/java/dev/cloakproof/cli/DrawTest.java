package dev.cloakproof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.portraits.face.PortraitDomain;
import dev.cloakproof.tensor.image.PictureReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DrawTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void theSameSeedsGiveTheSamePictures() throws IOException {
        assertThat(run("--subject", "900001", "--subjects", "2", "--work", "7", "--count", "2", "--size", "48"))
                .isZero();
        try (var files = Files.list(folder.resolve("out"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "portraits-900001-7.png",
                            "portraits-900001-8.png",
                            "portraits-900002-7.png",
                            "portraits-900002-8.png",
                            "captions.json");
        }
        assertThat(PictureReader.DEFAULT.read(folder.resolve("out/portraits-900002-8.png")))
                .isEqualTo(new PortraitDomain().render(900002, 8, 48));
        assertThat(folder.resolve("out/captions.json")).content().contains("person");
    }

    @Test
    void anUnknownDomainOrSizeIsRefused() {
        assertThat(run("--domain", "cats")).isEqualTo(1);
        assertThat(err.toString()).contains("cats").contains("artworks");
        assertThat(run("--size", "5")).isEqualTo(1);
        assertThat(run("--count", "0")).isEqualTo(1);
    }

    private int run(String... options) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err, true));
        String[] all = new String[options.length + 2];
        all[0] = "draw";
        all[1] = folder.resolve("out").toString();
        System.arraycopy(options, 0, all, 2, options.length);
        return line.execute(all);
    }
}
