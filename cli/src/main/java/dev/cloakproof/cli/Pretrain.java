package dev.cloakproof.cli;

import dev.cloakproof.pretraining.lesson.Scale;
import dev.cloakproof.pretraining.mini.MiniPack;
import dev.cloakproof.pretraining.mini.Part;
import dev.cloakproof.pretraining.mini.Pretraining;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.pack.ModelPack;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains the mini pack. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = {
            "Trains the networks of the mini pack from scratch, on portraits of people who do not exist.",
            "It may be stopped at any time (Ctrl-C) and goes on where it stood when it is called again.",
            "docs/mini-pack.md has the recipe and what it led to."
        })
final class Pretrain implements Callable<Integer> {
    /** Room for a state to be written after Ctrl-C. */
    private static final long PATIENCE_SECONDS = 60;

    @Parameters(arity = "0..*", paramLabel = "COMPONENT", description = "which, in this order; all by default")
    private List<String> components;

    @Option(names = "--home", paramLabel = "DIR", description = "where everything is kept (default: ${DEFAULT-VALUE})")
    private Path home = Path.of("pretraining");

    @Option(names = "--steps", description = "steps of each, instead of the recipe's")
    private Long steps;

    @Option(names = "--seed", description = "of all random numbers (default: ${DEFAULT-VALUE}, the shipped pack's)")
    private long seed = Pretraining.SEED;

    @Option(
            names = "--smoke",
            description = "tiny networks and a few steps, to see in a minute whether all of it learns")
    private boolean smoke;

    @Option(names = "--threads", description = "CPU threads of one operation (default: all cores)")
    private Integer threads;

    @Option(names = "--examine", description = "measures finished components on subjects that nothing trained on")
    private boolean examine;

    @Option(
            names = "--assemble",
            paramLabel = "DIR",
            description =
                    "puts finished components together to a model pack there, with float16 weights and their hashes")
    private Path assemble;

    @Option(names = "--list", description = "lists the components and ends")
    private boolean list;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            for (Part part : Part.values()) {
                out.printf("%-22s %6d steps  %s%n", part.key(), part.steps(), part.description());
            }
            return 0;
        }
        if (assemble != null) {
            MiniPack.assemble(home.resolve("pack"), assemble, scale());
            out.printf(
                    "%s: %s%n", assemble, ModelPack.open(assemble).components().keySet());
            return 0;
        }
        List<Part> parts = components == null
                ? Arrays.asList(Part.values())
                : components.stream().map(Part::of).toList();
        if (threads != null) {
            Device.threads(threads);
        }
        var pretraining = new Pretraining(home, scale(), seed);
        if (examine) {
            parts.forEach(part -> pretraining.examine(part, line -> {
                out.println(line);
                out.flush();
            }));
            return 0;
        }
        var stop = new AtomicBoolean();
        var done = new CountDownLatch(1);
        var hook = new Thread(() -> {
            stop.set(true);
            try {
                done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            for (Part part : parts) {
                out.printf("%s: %s%n", part.key(), part.description());
                out.flush();
                if (!pretraining.train(
                        part,
                        stepsOf(part),
                        stop::get,
                        (step, total, seconds, values) -> report(out, part, step, total, seconds, values))) {
                    out.printf("%s: stopped; call again to go on%n", part.key());
                    out.flush();
                    return 1;
                }
            }
        } finally {
            done.countDown();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        out.printf("finished: %s%n", home.resolve("pack"));
        return 0;
    }

    private Scale scale() {
        return smoke ? Scale.SMOKE : Scale.MINI;
    }

    private long stepsOf(Part part) {
        if (steps != null) {
            return steps;
        }
        return smoke ? Pretraining.SMOKE_STEPS : part.steps();
    }

    private static void report(
            PrintWriter out, Part part, long step, long total, double seconds, Map<String, Double> values) {
        long left = Math.round(seconds * (total - step));
        String parts = values.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.4g", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("  "));
        out.printf(
                Locale.ROOT,
                "%s %d/%d  %.2f s a step, %d:%02d left  %s%n",
                part.key(),
                step,
                total,
                seconds,
                left / 60,
                left % 60,
                parts);
        out.flush();
    }
}
