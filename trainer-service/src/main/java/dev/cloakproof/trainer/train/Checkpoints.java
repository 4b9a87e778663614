package dev.cloakproof.trainer.train;

import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of one run, folders named for their step. A folder gets its name only when everything in it is on the
 * disk, so that one which can be seen is complete; whatever else a killed process left is removed.
 */
final class Checkpoints {
    /** Writes the files of a checkpoint. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    private static final Pattern NAME = Pattern.compile("step-(\\d{9})");
    private static final String PARTIAL = ".partial";

    private final Path root;
    private final int kept;

    Checkpoints(Path root, int kept) {
        this.root = root;
        this.kept = kept;
    }

    /** Makes the folder of a step, then removes the oldest ones beyond the limit. */
    Path save(long step, Content content) {
        Path folder = root.resolve("step-%09d".formatted(step));
        try {
            replaceFolder(folder, content);
            List<Path> all = all();
            for (Path old : all.subList(0, Math.max(0, all.size() - kept))) {
                removeFolder(old);
            }
        } catch (IOException | RuntimeException e) {
            throw new TrainingException(
                    Reason.CANNOT_SAVE,
                    "the checkpoint of step " + step + " cannot be written to " + root + ": " + e.getMessage()
                            + latest().map(last -> "; " + last.getFileName() + " is untouched")
                                    .orElse(""),
                    e);
        }
        return folder;
    }

    Optional<Path> latest() {
        return all().stream().reduce((_, last) -> last);
    }

    static long step(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException(folder + " is no checkpoint");
        }
        return Long.parseLong(name.group(1));
    }

    /** The oldest first. */
    private List<Path> all() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(
                            path -> NAME.matcher(path.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills a folder beside {@code target}, forces it to the disk, and gives it the name. */
    static void replaceFolder(Path target, Content content) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path partial = parent.resolve("." + target.getFileName() + PARTIAL);
        removeFolder(partial);
        try {
            Files.createDirectory(partial);
            content.writeTo(partial);
            try (Stream<Path> files = Files.walk(partial)) {
                for (Path file : files.toList()) {
                    force(file);
                }
            }
            removeFolder(target);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable e) {
            try {
                removeFolder(partial);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        force(parent);
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void removeFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> inside = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(inside::add);
        }
        for (Path path : inside) {
            Files.delete(path);
        }
    }
}
