package dev.cloakproof.trainer.work;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.Tombstones;
import dev.cloakproof.service.config.WorkConfig;
import dev.cloakproof.service.events.SubjectKeeper;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The folders of trainings at hand: where a killed one left its checkpoints, the next one of the same finds them. */
@Singleton
class WorkFolders implements SubjectKeeper {
    /** Says whose pictures a training is on. */
    private static final String OWNER = "subject.sha256";

    private final Path root;
    private final Path classPictures;
    private final Duration abandoned;
    private final InstantSource clock;
    private final Set<Path> atWork = ConcurrentHashMap.newKeySet();

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

    /**
     * Begins or goes on with the work in a folder; {@link #leave} it afterwards.
     *
     * @param key of everything that the training depends on
     * @param subject whose pictures it is on
     */
    Path enter(String key, String subject) {
        Path folder = root.resolve(key);
        atWork.add(folder);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(OWNER), Tombstones.hash(subject));
            return folder;
        } catch (IOException e) {
            atWork.remove(folder);
            throw Reason.DISK_FULL
                    .problem("the training has no folder: " + e.getMessage())
                    .exception(e);
        }
    }

    void leave(Path folder) {
        atWork.remove(folder);
    }

    /** What a killed training of the subject left. One at work here is cancelled, and removes its folder itself. */
    @Override
    public void forget(String subjectSha256, Instant until) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.toList()) {
                Path owner = folder.resolve(OWNER);
                if (!atWork.contains(folder)
                        && Files.exists(owner)
                        && Files.readString(owner).equals(subjectSha256)) {
                    remove(folder);
                }
            }
        }
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
