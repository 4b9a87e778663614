package dev.cloakproof.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Stops the line. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops what up started, and nothing else. Pictures, models and reports stay.")
final class Down implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        boolean ran = new Lines(main.home()).stop();
        spec.commandLine().getOut().println(ran ? "stopped" : "nothing was running");
        return 0;
    }
}
