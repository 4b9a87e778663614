package dev.cloakproof.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/**
 * The process that owns the line; {@link Lines} starts it. Ends in order when the stop file appears: at a signal the
 * broker would end together with the services, which then could not finish what they do.
 */
@Command(name = "supervise", hidden = true)
final class Supervise implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Mixin
    private LineOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = main.home();
        Path stop = Lines.stopFile(home);
        try (Line line = Line.start(home, options)) {
            while (!Files.exists(stop)) {
                line.requireGoingOn();
                Thread.sleep(200);
            }
        } finally {
            Files.deleteIfExists(home.state());
            Files.deleteIfExists(stop);
        }
        return 0;
    }
}
