package dev.cloakproof.bench;

import picocli.CommandLine;

/** {@code ./cloakproof bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SideBySide())
                .setExecutionExceptionHandler((e, line, _) -> {
                    line.getErr().println("bench: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments));
    }
}
