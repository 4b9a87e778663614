package dev.cloakproof.bench;

import dev.cloakproof.bench.effect.Effect;
import dev.cloakproof.bench.serve.Serve;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;

/** {@code ./cloakproof bench}. */
public final class Main {
    private static final Map<String, Supplier<Callable<Integer>>> COMMANDS =
            Map.of("effect", Effect::new, "serve", Serve::new);

    private Main() {}

    public static void main(String[] arguments) {
        Supplier<Callable<Integer>> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        String[] rest = named == null ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        System.exit(new CommandLine(named == null ? new SideBySide() : named.get())
                .setExecutionExceptionHandler((e, line, _) -> {
                    line.getErr().println("bench: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(rest));
    }
}
