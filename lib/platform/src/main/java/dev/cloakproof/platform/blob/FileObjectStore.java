package dev.cloakproof.platform.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Objects as files below a folder. A write goes to a temporary file, is forced to the disk and renamed (POSIX rename is
 * atomic), then the folder is forced too: after a crash an object is old or new, never half.
 */
public final class FileObjectStore implements ObjectStore {
    private final Path root;
    private final Path temporary;
    private final KeyLocks locks;

    /** Opens the store, creating the folder if needed. Processes may share it on one file system. */
    public FileObjectStore(Path root) {
        this.root = root;
        this.temporary = root.resolve(".tmp");
        this.locks = new KeyLocks(root.resolve(".locks"));
        FileErrors.run("create the store", () -> Files.createDirectories(temporary));
    }

    @Override
    public void put(ObjectKey key, byte[] bytes) {
        FileErrors.run("write " + key, () -> publish(write(bytes), key));
    }

    @Override
    public void put(ObjectKey key, Path file) {
        FileErrors.run("write " + key, () -> publish(copy(file), key));
    }

    @Override
    public Optional<Version> putIfAbsent(ObjectKey key, byte[] bytes) {
        return FileErrors.call("write " + key, () -> {
            Path written = write(bytes);
            try {
                Path target = target(key);
                // A hard link, unlike a rename, refuses a name that is taken.
                Files.createLink(target, written);
                force(target.getParent());
                return Optional.of(version(bytes));
            } catch (FileAlreadyExistsException taken) {
                return Optional.empty();
            } finally {
                Files.deleteIfExists(written);
            }
        });
    }

    @Override
    public Optional<Version> replace(ObjectKey key, byte[] bytes, Version expected) {
        return FileErrors.call(
                "replace " + key,
                () -> locks.holding(key, () -> {
                    Optional<Versioned> current = get(key);
                    if (current.isEmpty() || !current.get().version().equals(expected)) {
                        return Optional.empty();
                    }
                    publish(write(bytes), key);
                    return Optional.of(version(bytes));
                }));
    }

    @Override
    public Optional<Versioned> get(ObjectKey key) {
        return FileErrors.call("read " + key, () -> {
            try {
                byte[] bytes = Files.readAllBytes(path(key));
                return Optional.of(new Versioned(bytes, version(bytes)));
            } catch (NoSuchFileException missing) {
                return Optional.empty();
            }
        });
    }

    @Override
    public Optional<byte[]> read(ObjectKey key, long offset, int length) {
        return FileErrors.call("read " + key, () -> {
            try (FileChannel channel = FileChannel.open(path(key))) {
                long there = Math.max(0, Math.min(length, channel.size() - offset));
                ByteBuffer part = ByteBuffer.allocate((int) there);
                while (part.hasRemaining() && channel.read(part, offset + part.position()) >= 0) {
                    // a channel may give less than asked for
                }
                return Optional.of(part.array());
            } catch (NoSuchFileException missing) {
                return Optional.empty();
            }
        });
    }

    @Override
    public boolean download(ObjectKey key, Path file) {
        return FileErrors.call("copy " + key, () -> {
            try {
                Files.copy(path(key), file);
                return true;
            } catch (NoSuchFileException missing) {
                return false;
            }
        });
    }

    @Override
    public boolean delete(ObjectKey key) {
        return FileErrors.call("delete " + key, () -> Files.deleteIfExists(path(key)));
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        int slash = prefix.lastIndexOf('/');
        Path folder = slash < 0 ? root : path(new ObjectKey(prefix.substring(0, slash)));
        return FileErrors.call("list " + prefix, () -> {
            if (!Files.isDirectory(folder)) {
                return List.of();
            }
            try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString())
                        .filter(key -> !key.startsWith(".") && key.startsWith(prefix))
                        .map(ObjectKey::new)
                        .sorted()
                        .toList();
            } catch (UncheckedIOException deletedMeanwhile) {
                throw deletedMeanwhile.getCause();
            }
        });
    }

    private Path write(byte[] bytes) throws IOException {
        Path file = temporary.resolve(UUID.randomUUID().toString());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer all = ByteBuffer.wrap(bytes);
            while (all.hasRemaining()) {
                channel.write(all);
            }
            channel.force(true);
            return file;
        } catch (IOException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    private Path copy(Path source) throws IOException {
        Path file = temporary.resolve(UUID.randomUUID().toString());
        try {
            Files.copy(source, file);
            force(file);
            return file;
        } catch (IOException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    private void publish(Path written, ObjectKey key) throws IOException {
        try {
            Path target = target(key);
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            force(target.getParent());
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private Path target(ObjectKey key) throws IOException {
        Path target = path(key);
        Files.createDirectories(target.getParent());
        return target;
    }

    private Path path(ObjectKey key) {
        return root.resolve(key.text());
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Version version(byte[] bytes) {
        return new Version(Sha256.of(bytes));
    }
}
