package dev.cloakproof.bench;

import dev.cloakproof.bench.effect.Effect;
import java.util.Arrays;
import picocli.CommandLine;

/** {@code ./cloakproof bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        boolean effect = arguments.length > 0 && arguments[0].equals("effect");
        String[] rest = effect ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        System.exit(new CommandLine(effect ? new Effect() : new SideBySide())
                .setExecutionExceptionHandler((e, line, _) -> {
                    line.getErr().println("bench: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(rest));
    }
}
