package dev.cloakproof.local;

import dev.cloakproof.platform.errors.GrpcErrors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands around the services. Exit codes: 0 done, 1 failed with a reason, 2 unusable arguments, 130 interrupted. */
@Command(
        name = "cloakproof",
        subcommands = {
            Up.class,
            Down.class,
            Supervise.class,
            RunCommand.class,
            Watch.class,
            Ls.class,
            Report.class,
            Cancel.class,
            Models.class,
            DeadLetterCommands.class,
            Demo.class
        },
        mixinStandardHelpOptions = true,
        description = "Sends protected pictures through the whole line on this machine.")
final class Main {
    @Option(
            names = "--home",
            scope = CommandLine.ScopeType.INHERIT,
            description = "where the line keeps data, logs and state (default: CLOAKPROOF_HOME, or .cloakproof in the"
                    + " checkout)")
    private Path home;

    Home home() {
        Path root = Path.of(System.getProperty("cloakproof.root", "."));
        String variable = System.getenv("CLOAKPROOF_HOME");
        if (home != null) {
            return new Home(root, home);
        }
        return new Home(root, variable == null || variable.isBlank() ? root.resolve(".cloakproof") : Path.of(variable));
    }

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
        if (e instanceof StatusRuntimeException status) {
            return GrpcErrors.fromStatus(e)
                    .map(problem -> problem.reason() + ": " + problem.message()
                            + (problem.violations().isEmpty() ? "" : " " + problem.violations()))
                    .orElseGet(() -> status.getStatus().getCode() == Status.Code.UNAVAILABLE
                            ? "the service does not answer; ./cloakproof up starts the line"
                            : status.getMessage());
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }
}
