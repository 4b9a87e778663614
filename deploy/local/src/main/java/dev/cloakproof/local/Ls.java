package dev.cloakproof.local;

import dev.cloakproof.v1.Run;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists runs. */
@Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists runs, the newest first.")
final class Ls implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Option(names = "--subject", description = "only runs of this subject")
    private String subject = "";

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Run> runs;
        try (LineClient client = new LineClient(new Lines(main.home()).require())) {
            runs = client.list(subject);
        }
        if (json) {
            out.println(runs.stream().map(Outcome::json).collect(Collectors.joining(",\n", "[", "]")));
            return 0;
        }
        out.printf("%-40s %-16s %-11s %-9s %s%n", "run", "subject", "state", "stage", "created");
        for (Run run : runs) {
            out.printf(
                    "%-40s %-16s %-11s %-9s %s%n",
                    run.getName(),
                    run.getSubject(),
                    word(run.getState().name(), "WORK_STATE_"),
                    word(run.getStage().name(), "STAGE_"),
                    Instant.ofEpochSecond(run.getCreateTime().getSeconds()));
        }
        return 0;
    }

    private static String word(String name, String prefix) {
        return name.replace(prefix, "").toLowerCase(Locale.ROOT);
    }
}
