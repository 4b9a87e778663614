package dev.cloakproof.bench.effect;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the table of what protections do, and what purification and decoupling undo. */
@Command(
        name = "effect",
        mixinStandardHelpOptions = true,
        description = {
            "Trains on portraits of people whom the pack never saw: clean, with random noise, protected (ASPL), purified,",
            "with contrastive decoupling, and with both. Scores what the models draw, with 95 % intervals.",
            "Goes on where it stood when it is called again; a cell takes about a minute and a half on a core.",
            "Writes effect.md, the table, and effect-BUDGET.png, the first person's pictures."
        })
public final class Effect implements Callable<Integer> {
    @Option(names = "--pack", required = true, paramLabel = "DIR", description = "the model pack")
    private Path packFolder;

    @Option(names = "--home", paramLabel = "DIR", description = "what was made is kept there (${DEFAULT-VALUE})")
    private Path home = Path.of("effect");

    @Option(names = "--people", description = "how many (${DEFAULT-VALUE})")
    private int people = 4;

    @Option(
            names = "--only",
            paramLabel = "N",
            description = "measure person N only, counted from 0: for processes side by side")
    private Integer only;

    @Option(names = "--budgets", split = ",", description = "in levels of 255 (${DEFAULT-VALUE})")
    private List<Double> budgets = List.of(11.0, 16.0, 24.0);

    @Option(names = "--side", description = "of pictures in pixels (${DEFAULT-VALUE})")
    private int side = 96;

    @Option(names = "--training-steps", description = "of DreamBooth (${DEFAULT-VALUE})")
    private int trainingSteps = 200;

    @Option(names = "--learning-rate", description = "of DreamBooth (${DEFAULT-VALUE})")
    private double learningRate = 5e-4;

    @Option(names = "--batch-size", description = "pairs of pictures a step (${DEFAULT-VALUE})")
    private int batchSize = 4;

    @Option(names = "--class-pictures", description = "for prior preservation (${DEFAULT-VALUE})")
    private int classPictures = 32;

    @Option(names = "--rounds", description = "of ASPL, 6 steps on the pictures each (${DEFAULT-VALUE})")
    private int rounds = 15;

    @Option(names = "--surrogate-rate", description = "learning rate of ASPL's surrogate (${DEFAULT-VALUE})")
    private double surrogateRate = 5e-4;

    @Option(names = "--samples", description = "pictures a prompt, of two prompts (${DEFAULT-VALUE})")
    private int samples = 16;

    @Option(names = "--sample-steps", description = "denoising steps (${DEFAULT-VALUE})")
    private int sampleSteps = 25;

    @Option(names = "--guidance", description = "classifier-free guidance (${DEFAULT-VALUE})")
    private double guidance = 3;

    @Option(names = "--method", description = "the purification (${DEFAULT-VALUE})")
    private String method = "codesr";

    @Option(names = "--seed", description = "(${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--threads", description = "CPU threads of one operation (default: all cores)")
    private Integer threads;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (threads != null) {
            Device.threads(threads);
        }
        PrintWriter out = spec.commandLine().getOut();
        var numbers = new Numbers(
                side,
                trainingSteps,
                learningRate,
                batchSize,
                classPictures,
                rounds,
                surrogateRate,
                samples,
                sampleSteps,
                guidance,
                method,
                seed);
        requireSameNumbers(numbers);
        List<Cell> cells = Cell.all(people, budgets);
        var results = new Results(home);
        try (var laboratory = new Laboratory(ModelPack.open(packFolder), home, numbers)) {
            for (Cell cell : cells) {
                if (results.has(cell) || only != null && cell.person() != only) {
                    continue;
                }
                long begun = System.nanoTime();
                results.put(cell, laboratory.measure(cell));
                out.printf("%s: %.0f s%n", cell.key(), (System.nanoTime() - begun) / 1e9);
                out.flush();
            }
        }
        String table = results.table(cells);
        Files.writeString(home.resolve("effect.md"), table);
        for (double budget : budgets) {
            Optional<Picture> gallery = Gallery.of(home, Cell.all(1, budgets), budget, side);
            if (gallery.isPresent()) {
                Path file = home.resolve("effect-%.0f.png".formatted(budget));
                PictureWriter.write(file, PictureWriter.png(gallery.get()));
            }
        }
        out.print(table);
        out.flush();
        return 0;
    }

    /** A table is made with one set of numbers. */
    private void requireSameNumbers(Numbers numbers) throws IOException {
        Path file = home.resolve("numbers.json");
        String now = new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(numbers) + "\n";
        if (Files.exists(file) && !Files.readString(file).equals(now)) {
            throw new IllegalArgumentException(
                    home + " holds results of other settings (numbers.json): choose another --home");
        }
        Files.createDirectories(home);
        Files.writeString(file, now);
    }
}
