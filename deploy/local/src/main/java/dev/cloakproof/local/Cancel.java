package dev.cloakproof.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Cancels a run. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Asks the stage at work on a run to stop after its current step.")
final class Cancel implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Parameters(index = "0", paramLabel = "RUN", description = "as ls shows it")
    private String run;

    @Option(names = "--because", description = "why, for people")
    private String because = "";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (LineClient client = new LineClient(new Lines(main.home()).require())) {
            client.cancel(Outcome.name(run), because);
            spec.commandLine().getOut().println("cancelling " + Outcome.name(run));
            return 0;
        }
    }
}
