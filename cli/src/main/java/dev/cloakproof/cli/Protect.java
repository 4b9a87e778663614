package dev.cloakproof.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.image.Framing;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.trainer.protect.AdvDm;
import dev.cloakproof.trainer.protect.Aspl;
import dev.cloakproof.trainer.protect.Budget;
import dev.cloakproof.trainer.protect.Fsmg;
import dev.cloakproof.trainer.protect.PhotoGuard;
import dev.cloakproof.trainer.protect.Protection;
import dev.cloakproof.trainer.protect.SurrogateSpec;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.PromptIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Protects a folder of pictures, so that there is something to test. */
@Command(
        name = "protect",
        mixinStandardHelpOptions = true,
        description = {
            "Adds a protective perturbation to pictures of one person, computed against a diffusion model.",
            "  advdm       ascends the denoising loss of the model as it is",
            "  photoguard  moves the latents towards zero (encoder attack)",
            "  fsmg, aspl  train a surrogate too, and need --clean and --prior",
            "Writes PNGs, which stay within the budget, and protection.json."
        })
final class Protect implements Callable<Integer> {
    enum Method {
        advdm,
        aspl,
        fsmg,
        photoguard
    }

    @Parameters(index = "0", paramLabel = "IN", description = "pictures of one person, or one picture")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "the folder to write to")
    private Path out;

    @Option(names = "--model", required = true, description = "a Stable Diffusion folder")
    private Path model;

    @Option(names = "--method", defaultValue = "aspl", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private Method method;

    @Option(names = "--budget", defaultValue = "11", description = "how far a sample may move, in levels of 255")
    private double budget;

    @Option(names = "--step", defaultValue = "1", description = "of one iteration, in levels (${DEFAULT-VALUE})")
    private double step;

    @Option(names = "--steps", defaultValue = "100", description = "iterations of advdm, fsmg, photoguard")
    private int steps;

    @Option(
            names = "--rounds",
            defaultValue = "50",
            description = "of aspl: 3 clean, 6 attack and 3 perturbed steps each")
    private int rounds;

    @Option(names = "--surrogate-steps", defaultValue = "1000", description = "training steps of fsmg's surrogate")
    private int surrogateSteps;

    @Option(
            names = "--surrogate-rate",
            defaultValue = "5e-7",
            description = "learning rate of the surrogate (Anti-DreamBooth's ${DEFAULT-VALUE}; small models need more)")
    private double surrogateRate;

    @Option(names = "--clean", description = "other pictures of the person, for the surrogate")
    private Path clean;

    @Option(names = "--prior", description = "pictures of the class, for the surrogate")
    private Path prior;

    @Option(names = "--identifier", defaultValue = "sks", description = "in captions (${DEFAULT-VALUE})")
    private String identifier;

    @Option(names = "--class-noun", defaultValue = "person", description = "in captions (${DEFAULT-VALUE})")
    private String noun;

    @Option(names = "--size", defaultValue = "512", description = "pictures are cropped to squares of this side")
    private int size;

    @Option(names = "--seed", defaultValue = "0", description = "(${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu:n (${DEFAULT-VALUE})")
    private String device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Map<String, Path> files = PictureFolder.list(in);
        var request = new Protection.Request(
                squares(files), squares(listed(clean)), squares(listed(prior)), new Budget(budget, step), seed);
        List<Picture> found;
        try (DiffusionModel diffusion = DiffusionModel.load(model, Device.of(device))) {
            found = protection(diffusion).protect(request, this::progress);
        }
        if (System.console() != null) {
            spec.commandLine().getErr().println();
        }
        write(List.copyOf(files.keySet()), request, found);
        return 0;
    }

    private Protection protection(DiffusionModel diffusion) {
        ClipTokenizer tokenizer = ClipTokenizer.load(model.resolve("tokenizer"));
        PromptIds ids = PromptIds.of(tokenizer);
        SurrogateSpec published = SurrogateSpec.of(identifier, noun);
        SurrogateSpec surrogate = published.with(surrogateRate, published.clipNorm());
        return switch (method) {
            case advdm -> new AdvDm(diffusion, ids, surrogate, steps);
            case aspl -> new Aspl(diffusion, ids, surrogate, rounds, 3, 6, 3);
            case fsmg -> new Fsmg(diffusion, ids, surrogate, surrogateSteps, steps);
            case photoguard -> new PhotoGuard(diffusion.autoencoder(), steps);
        };
    }

    private static Map<String, Path> listed(Path folder) throws IOException {
        return folder == null ? Map.of() : PictureFolder.list(folder);
    }

    private List<Picture> squares(Map<String, Path> files) {
        List<Picture> pictures = new ArrayList<>();
        files.values()
                .forEach(file ->
                        pictures.add(Framing.square(PictureReader.DEFAULT.read(file), size, Resampling.BILINEAR)));
        return pictures;
    }

    private boolean progress(long done, long total) {
        var err = spec.commandLine().getErr();
        if (System.console() != null) {
            err.printf("\r%s: step %d of %d ", method, done, total);
        } else if (done % Math.max(1, total / 10) == 0 || done == total) {
            err.printf("%s: step %d of %d%n", method, done, total);
        }
        err.flush();
        return true;
    }

    private void write(List<String> names, Protection.Request request, List<Picture> found) throws IOException {
        Files.createDirectories(out);
        ObjectNode said = new ObjectMapper().createObjectNode();
        said.put("operation", "protect")
                .put("method", method.name())
                .put("budget_levels", budget)
                .put("step_levels", step)
                .put("steps", steps)
                .put("rounds", rounds)
                .put("surrogate_steps", surrogateSteps)
                .put("surrogate_rate", surrogateRate)
                .put("identifier", identifier)
                .put("class_noun", noun)
                .put("size", size)
                .put("seed", seed)
                .put("model", model.getFileName().toString());
        String inside = said.toString();
        for (int i = 0; i < found.size(); i++) {
            PictureWriter.write(
                    out.resolve(names.get(i) + ".png"), PictureWriter.png(found.get(i), Map.of("cloakproof", inside)));
            said.withArray("pictures")
                    .addObject()
                    .put("name", names.get(i))
                    .put("largest_change_levels", largest(request.pictures().get(i), found.get(i)));
        }
        Files.writeString(out.resolve("protection.json"), said.toPrettyString() + "\n");
    }

    private static int largest(Picture before, Picture after) {
        byte[] a = before.rgb();
        byte[] b = after.rgb();
        int largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs((a[i] & 0xff) - (b[i] & 0xff)));
        }
        return largest;
    }
}
