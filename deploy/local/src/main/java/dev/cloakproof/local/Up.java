package dev.cloakproof.local;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Starts the line. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts Kafka, PostgreSQL and the four services on this machine, all on loopback, and says where they are.",
            "Stays until Ctrl-C, which stops exactly what it started, or ends with --detach; ./cloakproof down then stops."
        })
final class Up implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Mixin
    private LineOptions options;

    @Option(names = "--detach", description = "end when all services take work")
    private boolean detach;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Lines lines = new Lines(main.home());
        PrintWriter out = spec.commandLine().getOut();
        try (var interrupted = new Interruption(lines::stop)) {
            LineState state = lines.start(options, spec.commandLine().getErr()::println);
            print(state, out);
            if (detach) {
                interrupted.forget();
                return 0;
            }
            out.println("Ctrl-C stops it.");
            out.flush();
            ProcessHandle supervisor = state.supervisor().process().orElseThrow();
            supervisor.onExit().join();
        }
        throw new LocalException("the line has ended, see " + main.home().log("supervisor"));
    }

    private static void print(LineState state, PrintWriter out) {
        out.println("page       " + state.page());
        for (Service service : Service.values()) {
            out.printf(
                    "%-10s gRPC 127.0.0.1:%d  probes and metrics http://127.0.0.1:%d/q/%n",
                    service.title(), state.port(service.title() + ".grpc"), state.port(service.title() + ".http"));
        }
        out.println("broker     " + state.broker());
        out.flush();
    }
}
