package dev.cloakproof.platform.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Mutual exclusion by key among the threads of this process (a Java lock, because a JVM may not lock a file twice) and
 * among processes (a file lock, which the kernel gives back when its process dies). Keys share 64 stripes.
 */
final class KeyLocks {
    private static final int STRIPES = 64;

    /** Shared by all stores of the JVM: two of them may stand on one folder. */
    private static final Lock[] THREADS =
            IntStream.range(0, STRIPES).mapToObj(_ -> new ReentrantLock()).toArray(Lock[]::new);

    private final Path folder;

    KeyLocks(Path folder) {
        this.folder = folder;
    }

    <T> T holding(ObjectKey key, FileErrors.Call<T> work) throws IOException {
        int stripe = Math.floorMod(key.hashCode(), STRIPES);
        THREADS[stripe].lock();
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(Integer.toString(stripe)),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                return work.call();
            }
        } finally {
            THREADS[stripe].unlock();
        }
    }
}
