package dev.cloakproof.local;

import dev.cloakproof.portraits.face.PortraitDomain;
import dev.cloakproof.service.TestPack;
import dev.cloakproof.tensor.image.PictureWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** The whole line with a small random model in the place of the mini pack, on free ports and in a folder of its own. */
final class LineFixture implements AutoCloseable {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path MODEL = ROOT.resolve("lib/diffusion/src/test/resources/fixtures/pipeline-sd2");

    final Home home;
    final Path pictures;
    final Path references;
    LineState state;

    LineFixture() throws IOException {
        this(Map.of(), _ -> {});
    }

    /**
     * @param more settings of all services
     * @param before does something to the folders before anything is started
     */
    LineFixture(Map<String, String> more, Consumer<Home> before) throws IOException {
        Path folder = Path.of("target", "line-" + UUID.randomUUID()).toAbsolutePath();
        home = new Home(ROOT, folder);
        home.prepare();
        // A link to the pack that ships, which must not be written through.
        Files.deleteIfExists(home.packs().resolve("mini"));
        before.accept(home);
        new TestPack(home.packs(), "mini")
                .with("diffusion", "stable-diffusion", MODEL)
                .defaults("pictures", Map.of("side", 64.0))
                .defaults("training", Map.of("steps", 3.0, "class_pictures", 2.0, "checkpoint_interval", 5.0))
                .defaults("sampling", Map.of("steps", 2.0, "pictures_per_prompt", 2.0))
                .write();
        Path example = home.packs().resolve("mini/example");
        pictures = portraits(example.resolve("protected"), 3);
        references = portraits(example.resolve("reference"), 2);
        LineOptions options = new LineOptions();
        options.freePorts = true;
        options.pack = "mini";
        options.settings.putAll(Map.of(
                // The networks are tiny: more threads only wait for each other.
                "ai.djl.pytorch.num_threads", "1",
                "cloakproof.work.lease", "3s",
                "cloakproof.work.first-delay", "200ms",
                "cloakproof.purifier.upload.settle", "100ms"));
        options.settings.putAll(more);
        state = new Lines(home).start(options, _ -> {});
    }

    private static Path portraits(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            Files.write(
                    folder.resolve("portrait-" + i + ".png"),
                    PictureWriter.png(new PortraitDomain().render(1000, 2000 + i, 64)));
        }
        return folder;
    }

    /** What a command said, and how it ended. */
    record Said(int code, String out, String err) {}

    Said command(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[arguments.length + 2];
        all[0] = "--home";
        all[1] = home.folder().toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all);
        return new Said(code, out.toString(), err.toString());
    }

    /** Sends the pictures through the line, with further arguments. */
    Said run(String subject, String... more) {
        String[] usual = {
            "run",
            pictures.toString(),
            "--subject",
            subject,
            "--rights-holder",
            "nobody",
            "--basis",
            "synthetic",
            "--reference",
            "test",
            "--seed",
            "1"
        };
        String[] all = new String[usual.length + more.length];
        System.arraycopy(usual, 0, all, 0, usual.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return command(all);
    }

    @Override
    public void close() {
        new Lines(home).stop();
    }
}
