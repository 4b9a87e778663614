package dev.cloakproof.trainer.work;

import dev.cloakproof.service.config.WorkConfig;
import dev.cloakproof.trainer.config.TrainerConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folders of trainings at hand: where a killed one left its checkpoints, the next one of the same finds them. */
@Singleton
class WorkFolders {
    private final Path root;
    private final Path classPictures;
    private final Duration abandoned;
    private final InstantSource clock;

    WorkFolders(WorkConfig work, TrainerConfig config, InstantSource clock) {
        this.root = work.folder().resolve("trainings");
        this.classPictures = work.folder().resolve("class-pictures");
        this.abandoned = config.abandoned();
        this.clock = clock;
    }

    void sweep(@Observes StartupEvent started) {
        if (!Files.isDirectory(root)) {
            return;
        }
        Instant oldest = clock.instant().minus(abandoned);
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.toList()) {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(oldest)) {
                    remove(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param key of everything that the training depends on */
    Path of(String key) {
        return root.resolve(key);
    }

    /** Pictures of classes show nobody, and are shared. */
    Path classPictures() {
        return classPictures;
    }

    void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> all = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : all) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
