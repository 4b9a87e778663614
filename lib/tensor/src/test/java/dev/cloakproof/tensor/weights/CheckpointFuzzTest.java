package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Opens damaged files: each must open, or be refused with a {@link CheckpointException}, within two seconds.
 *
 * <p>The long runs are tagged slow and take {@code -Dfuzz.seconds} each (300). What fails is kept in target/fuzz; once
 * understood it moves to src/test/resources/weights/found, where every later run opens it again.
 */
class CheckpointFuzzTest {
    private static final Duration SMOKE = Duration.ofMillis(2500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    @Test
    void damagedSafetensorsAreReadOrRefused() throws IOException {
        fuzz(safetensors(), SMOKE, 1);
    }

    @Test
    void damagedPyTorchFilesAreReadOrRefused() throws IOException {
        fuzz(pyTorch(), SMOKE, 2);
    }

    @Test
    @Tag("slow")
    void damagedSafetensorsAreReadOrRefusedForLong() throws IOException {
        fuzz(safetensors(), longRun(), System.nanoTime());
    }

    @Test
    @Tag("slow")
    void damagedPyTorchFilesAreReadOrRefusedForLong() throws IOException {
        fuzz(pyTorch(), longRun(), System.nanoTime());
    }

    static List<Path> found() throws IOException {
        try (Stream<Path> files = Files.list(CheckpointFixtures.file("found"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("found")
    void whatOnceFailedIsReadOrRefused(Path file) {
        assertThat(open(file)).isNotNull();
    }

    private static Duration longRun() {
        return Duration.ofSeconds(Long.getLong("fuzz.seconds", 300));
    }

    private record Seed(byte[] bytes, UnaryOperator<byte[]> wrapping) {}

    private static List<Seed> safetensors() throws IOException {
        return List.of(
                whole("types.safetensors"), whole("sharded-00002-of-00002.safetensors"), whole("none.safetensors"));
    }

    /** Whole files, and pickles that get a sound archive around them, or checksums would hide them from the damage. */
    private List<Seed> pyTorch() throws IOException {
        List<Seed> seeds = new ArrayList<>();
        for (String file : List.of("state-legacy.pth", "nested-legacy.pt", "state-zip.pth", "nested-zip.pt")) {
            seeds.add(whole(file));
        }
        for (String file : List.of("nested-zip.pt", "protocol4.pt", "script.pt", "state-zip.pth")) {
            seeds.add(new Seed(pickle(file), this::archive));
        }
        return seeds;
    }

    private static Seed whole(String file) throws IOException {
        return new Seed(Files.readAllBytes(CheckpointFixtures.file(file)), UnaryOperator.identity());
    }

    private static byte[] pickle(String file) throws IOException {
        String folder = file.substring(0, file.indexOf('.'));
        try (var zip = new ZipFile(CheckpointFixtures.file(file).toFile())) {
            return zip.getInputStream(zip.getEntry(folder + "/data.pkl")).readAllBytes();
        }
    }

    private byte[] archive(byte[] pickle) {
        try {
            TorchArchive archive = new TorchArchive().pickle(pickle);
            for (int key = 0; key < 20; key++) {
                archive.storage(Integer.toString(key), 96);
            }
            return Files.readAllBytes(archive.write(folder.resolve("archive")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fuzz(List<Seed> seeds, Duration duration, long randomSeed) throws IOException {
        Mutator mutator = new Mutator(randomSeed);
        Map<CheckpointException.Reason, Integer> refusals = new EnumMap<>(CheckpointException.Reason.class);
        long end = System.nanoTime() + duration.toNanos();
        int runs = 0;
        int opened = 0;
        while (System.nanoTime() < end) {
            Seed seed = seeds.get(runs++ % seeds.size());
            byte[] damaged = seed.wrapping().apply(mutator.mutate(seed.bytes()));
            Path file = Files.write(folder.resolve("damaged"), damaged);
            long begin = System.nanoTime();
            try {
                Object result = open(file);
                if (result instanceof CheckpointException refusal) {
                    refusals.merge(refusal.reason(), 1, Integer::sum);
                } else {
                    opened++;
                }
            } catch (Throwable e) {
                fail("run %d of seed %d, kept as %s".formatted(runs, randomSeed, keep(damaged)), e);
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                fail("run %d of seed %d took too long, kept as %s".formatted(runs, randomSeed, keep(damaged)));
            }
        }
        System.out.printf("fuzz seed %d: %d runs, %d opened, refused %s%n", randomSeed, runs, opened, refusals);
        assertThat(opened).as("some damage is harmless").isPositive();
        assertThat(refusals).as("some is not").isNotEmpty();
    }

    /** The number of bytes in all tensors, every one read, or the refusal. */
    private static Object open(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            long total = 0;
            for (TensorEntry entry : checkpoint.entries().values()) {
                MemorySegment bytes = checkpoint.bytes(entry);
                if (bytes.byteSize() != entry.byteLength()) {
                    throw new AssertionError(entry + " gave " + bytes.byteSize() + " bytes");
                }
                for (long i = 0; i < bytes.byteSize(); i++) {
                    total += bytes.get(ValueLayout.JAVA_BYTE, i) | 1;
                }
            }
            return total;
        } catch (CheckpointException e) {
            // The disk is in order: this would blame it for what is in the file.
            if (e.reason() == CheckpointException.Reason.IO) {
                throw new AssertionError(e);
            }
            return e;
        }
    }

    private static Path keep(byte[] damaged) throws IOException {
        Path kept = Path.of("target", "fuzz");
        Files.createDirectories(kept);
        return Files.write(Files.createTempFile(kept, "found", ""), damaged);
    }
}
