package dev.cloakproof.local;

import dev.cloakproof.tensor.pack.Component;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.PackException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The model packs of this machine. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Lists, checks and downloads model packs.")
final class Models {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the packs, without checking hashes.")
    int list() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Path> packs = packs();
        packs.forEach(out::println);
        if (packs.isEmpty()) {
            out.println(
                    "no packs in " + main.home().packs() + " or " + main.home().bundled());
        }
        for (Path manifest : pullable()) {
            PullManifest pull = PullManifest.read(manifest);
            if (main.home().pack(pull.name()).isEmpty()) {
                long bytes = pull.files().stream()
                        .mapToLong(PullManifest.Item::bytes)
                        .sum();
                out.printf("%s can be pulled: %d MB, %s%n", pull.name(), bytes / 1_000_000, pull.licences());
            }
        }
        return 0;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Checks every file of a pack, or of all, against its manifest. Exit code 1: something is wrong.")
    int verify(@Parameters(arity = "0..1", paramLabel = "NAME") String name) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Path> wanted = name == null
                ? packs()
                : List.of(main.home().pack(name).orElseThrow(() -> new LocalException("there is no pack " + name)));
        int code = 0;
        for (Path folder : wanted) {
            try {
                ModelPack pack = ModelPack.open(folder);
                out.println(pack.name() + ": every file is right");
                new TreeMap<>(pack.components())
                        .forEach((title, component) -> out.printf(
                                "  %-16s %-18s %8d kB  %s%n",
                                title, component.family(), bytes(component) / 1000, component.licence()));
            } catch (PackException e) {
                out.println(e.getMessage());
                code = 1;
            }
        }
        return code;
    }

    private static long bytes(Component component) {
        return component.files().stream().mapToLong(Component.PackFile::bytes).sum();
    }

    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = {
                "Downloads a pack: goes on where an earlier pull stopped, and checks every file's SHA-256.",
                "Weights of others have licences of their own, which are asked for unless they are accepted by flag."
            })
    int pull(
            @Parameters(paramLabel = "NAME|MANIFEST", description = "a pack of deploy/models, or a manifest's file")
                    String what,
            @Option(names = "--accept-licence", description = "accept the pack's licences without being asked")
                    boolean accepted)
            throws IOException {
        PullManifest pull = PullManifest.read(manifest(what));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (!accepted && !agreed(pull, err)) {
            throw new LocalException("the licences were not accepted: nothing was downloaded");
        }
        Path folder = main.home().packs().resolve(pull.name());
        try (Download download = new Download()) {
            int number = 0;
            for (PullManifest.Item item : pull.files()) {
                String title = "%d of %d: %s".formatted(++number, pull.files().size(), item.path());
                err.println(title + " (" + item.bytes() / 1000 + " kB)");
                err.flush();
                download.fetch(item, folder.resolve(item.path()), new Percent(err, item.bytes()));
            }
        }
        // Last: a folder is a pack once this is there.
        Files.writeString(folder.resolve(ModelPack.MANIFEST), pull.pack().toPrettyString() + "\n");
        out.println(ModelPack.open(folder).name() + " is in " + folder);
        return 0;
    }

    /** Shows each tenth of a large file. */
    private record Percent(PrintWriter err, long bytes, long[] shown) implements LongConsumer {
        Percent(PrintWriter err, long bytes) {
            this(err, bytes, new long[1]);
        }

        @Override
        public void accept(long there) {
            long tenth = bytes < 10_000_000 ? 0 : 10 * there / bytes;
            if (tenth > shown[0]) {
                shown[0] = tenth;
                err.println("  " + 10 * tenth + " %");
                err.flush();
            }
        }
    }

    private Path manifest(String what) {
        Path file = Path.of(what);
        if (Files.isRegularFile(file)) {
            return file;
        }
        Path known = main.home().bundled().resolve(what + ".pull.json");
        if (!Files.isRegularFile(known)) {
            throw new LocalException("there is no manifest " + known + ", and no file " + what);
        }
        return known;
    }

    private boolean agreed(PullManifest pull, PrintWriter err) throws IOException {
        err.println(pull.name() + " has weights of others under these licences:");
        pull.licences().forEach(licence -> err.println("  " + licence));
        err.print("Do you accept them? [y/N] ");
        err.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().equalsIgnoreCase("y");
    }

    private List<Path> packs() throws IOException {
        List<Path> packs = new ArrayList<>();
        for (Path root : new Path[] {main.home().packs(), main.home().bundled()}) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> inside = Files.list(root)) {
                    inside.filter(place -> !Files.isSymbolicLink(place)) // a bundled one, which comes below
                            .filter(place -> Files.isRegularFile(place.resolve(ModelPack.MANIFEST)))
                            .sorted()
                            .forEach(packs::add);
                }
            }
        }
        return packs;
    }

    private List<Path> pullable() throws IOException {
        if (!Files.isDirectory(main.home().bundled())) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(main.home().bundled())) {
            return inside.filter(file -> file.toString().endsWith(".pull.json"))
                    .sorted()
                    .toList();
        }
    }
}
