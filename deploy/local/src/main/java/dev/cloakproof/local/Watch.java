package dev.cloakproof.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Follows a run that somebody began. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Follows a run until it is final. Ctrl-C ends the watching, not the run.")
final class Watch implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Parameters(index = "0", paramLabel = "RUN", description = "as ls shows it")
    private String run;

    @Option(names = "--json", description = "print the run as JSON when it is final")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        LineState state = new Lines(main.home()).require();
        try (LineClient client = new LineClient(state)) {
            // A run that nobody knows is told at once; only a fresh one may be missing for a moment.
            client.runs()
                    .getRun(dev.cloakproof.v1.GetRunRequest.newBuilder()
                            .setName(Outcome.name(run))
                            .build());
            StageBars bars = new StageBars(
                    spec.commandLine().getErr(),
                    System.console() != null && System.console().isTerminal());
            return Outcome.print(
                    new Follower(client).follow(Outcome.name(run), bars::show),
                    state,
                    json,
                    spec.commandLine().getOut());
        }
    }
}
