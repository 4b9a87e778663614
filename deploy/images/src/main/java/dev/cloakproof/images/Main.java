package dev.cloakproof.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command. Exit codes: 0 done, 1 failed with a reason, 2 unusable arguments. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an image of each service, an OCI archive that kind, docker and skopeo load. The same build gives the"
                    + " same bytes.",
            "Without --base an image holds a Java runtime and the C library of this machine, and no shell."
        })
public final class Main implements Callable<Integer> {
    private static final List<String> ALL = List.of("purifier", "trainer", "sampler", "evaluator");

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    @Option(names = "--tag", description = "tag of the images (the version)")
    private String tag;

    @Option(names = "--out", description = "folder of the archives (target/images)")
    private Path out;

    @Option(
            names = "--base",
            paramLabel = "IMAGE@sha256:DIGEST",
            description = "an image with a Java 25 on its PATH and the C and C++ libraries, fetched from its registry")
    private String base;

    @Parameters(
            paramLabel = "SERVICE",
            description = "purifier, trainer, sampler or evaluator; all of them without one")
    private List<String> services = ALL;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        for (String service : services) {
            if (!ALL.contains(service)) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "expected services of " + ALL + ", found '" + service + "'");
            }
        }
        String version = version();
        Path target =
                Files.createDirectories(out == null ? root.resolve("target").resolve("images") : out);
        ImageBase on = base == null ? ImageBase.ofThisMachine(target.resolve("runtime")) : ImageBase.named(base);
        for (String service : services) {
            Path archive = target.resolve(service + ".tar");
            ServiceImage image = ServiceImage.read(root, service, version, tag == null ? version : tag);
            String digest = image.write(on, archive, target.resolve("cache"));
            spec.commandLine().getOut().printf("%s  %s  %s%n", archive, image.reference(), digest);
        }
        return 0;
    }

    /** The first version of the root pom is the product's. */
    private String version() throws IOException {
        Matcher found =
                Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(root.resolve("pom.xml")));
        if (!found.find()) {
            throw new IOException("expected a version in " + root.resolve("pom.xml") + ", found none");
        }
        return found.group(1);
    }

    /** A command line whose failures print their reason. */
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((e, line, _) -> {
            line.getErr()
                    .println(
                            "cloakproof: " + Optional.ofNullable(e.getMessage()).orElse(e.toString()));
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }
}
