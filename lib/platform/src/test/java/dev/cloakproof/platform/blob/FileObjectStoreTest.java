package dev.cloakproof.platform.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cloakproof.platform.errors.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends ObjectStoreContract {
    private static final ObjectKey KEY = ObjectKey.of("one", "key");

    @TempDir
    private static Path shared;

    @Override
    ObjectStore open() {
        return new FileObjectStore(shared);
    }

    @Test
    void exactlyOneOfManyThreadsWinsAnAbsentKey(@TempDir Path folder) throws Exception {
        int rivals = 8;
        int keys = 100;
        CyclicBarrier together = new CyclicBarrier(rivals);
        AtomicInteger wins = new AtomicInteger();
        Callable<Void> rival = () -> {
            FileObjectStore store = new FileObjectStore(folder);
            for (int key = 0; key < keys; key++) {
                together.await();
                if (store.putIfAbsent(ObjectKey.of("key-" + key), new byte[1]).isPresent()) {
                    wins.incrementAndGet();
                }
            }
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(rivals)) {
            for (Future<Void> ended : threads.invokeAll(Collections.nCopies(rivals, rival))) {
                ended.get();
            }
        }
        assertThat(wins).hasValue(keys);
    }

    @Test
    void noReplacementIsLostBetweenThreadsAndProcesses(@TempDir Path folder) throws Exception {
        FileObjectStore store = new FileObjectStore(folder);
        store.put(KEY, "0".getBytes());
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Counting.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Void> counted : threads.invokeAll(List.of(count(folder), count(folder)))) {
                counted.get();
            }
        }

        assertThat(other.waitFor()).isZero();
        assertThat(store.get(KEY).orElseThrow().bytes()).asString().isEqualTo("" + 3 * Counting.TIMES);
    }

    @Test
    void aFullDiskIsAnErrorThatLeavesNothing(@TempDir Path folder) throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeThat(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()))
                .as("a full disk needs a small one: mounting a tmpfs is not allowed here")
                .isZero();
        try {
            FileObjectStore store = new FileObjectStore(small);
            store.put(KEY, new byte[100]);

            assertReason(Reason.DISK_FULL, () -> store.put(KEY, new byte[2_000_000]));
            assertReason(Reason.DISK_FULL, () -> store.putIfAbsent(ObjectKey.of("other"), new byte[2_000_000]));

            assertThat(store.get(KEY).orElseThrow().bytes()).hasSize(100);
            try (Stream<Path> left = Files.list(small.resolve(".tmp"))) {
                assertThat(left).isEmpty();
            }
            assertThat(store.list("")).containsExactly(KEY);
        } finally {
            command("umount", small.toString());
        }
    }

    private static Callable<Void> count(Path folder) {
        return () -> {
            Counting.count(new FileObjectStore(folder));
            return null;
        };
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }

    /** Counts up by reading and conditionally replacing. */
    static final class Counting {
        static final int TIMES = 50;

        public static void main(String[] arguments) {
            count(new FileObjectStore(Path.of(arguments[0])));
        }

        static void count(ObjectStore store) {
            for (int done = 0; done < TIMES; ) {
                ObjectStore.Versioned now = store.get(KEY).orElseThrow();
                byte[] next = Integer.toString(Integer.parseInt(new String(now.bytes())) + 1)
                        .getBytes();
                done += store.replace(KEY, next, now.version()).isPresent() ? 1 : 0;
            }
        }
    }
}
