package dev.cloakproof.evaluator;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Libraries say in tests only what is wrong. JUnit finds it as a service. */
public final class QuietLogs implements LauncherSessionListener {
    /** Kept: a logger that nobody holds forgets its level. */
    private static final List<Logger> LOGGERS = Stream.of("org.apache.kafka", "io.zonky", "org.flywaydb")
            .map(Logger::getLogger)
            .toList();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
    }
}
