package dev.cloakproof.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that work without services. Exit codes: 0 done, 1 failed with a reason, 2 unusable arguments. */
@Command(
        name = "cloakproof",
        subcommands = {
            Draw.class,
            Pretrain.class,
            Probe.class,
            Protect.class,
            Purify.class,
            Score.class,
            WatermarkCommand.class
        },
        mixinStandardHelpOptions = true,
        description = "Finds out whether a protective perturbation on pictures holds.")
public final class Main {
    private Main() {}

    /** A command line whose failures print their reason, and their trace only if asked for. */
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((e, line, _) -> {
            line.getErr().println("cloakproof: " + reason(e));
            if (Boolean.getBoolean("cloakproof.trace")) {
                e.printStackTrace(line.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }
}
