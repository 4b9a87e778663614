package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.cloakproof.tensor.weights.Mutator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Reads damaged pictures: each must be read, or be refused with a {@link PictureException}. The long run is tagged slow
 * and takes {@code -Dfuzz.seconds} (300); what fails is kept in target/fuzz.
 */
class PictureFuzzTest {
    private static final List<String> SEEDS = List.of(
            "rgb-8.png",
            "palette-4-transparent.png",
            "palette-8-interlaced.png",
            "rgba-16-interlaced.png",
            "text.png",
            "orientation-6.png",
            "baseline-420-q40.jpg",
            "progressive-422-q40.jpg",
            "cmyk.jpg",
            "exif-6.jpg",
            "restarts.jpg");

    private static final PictureReader READER =
            new PictureReader(new PictureLimits(4096, 1 << 20), PictureReader.Orientation.APPLY);

    @Test
    void damagedPicturesAreReadOrRefused() throws IOException {
        fuzz(Duration.ofMillis(2500), 3);
    }

    @Test
    @Tag("slow")
    void damagedPicturesAreReadOrRefusedForLong() throws IOException {
        fuzz(Duration.ofSeconds(Long.getLong("fuzz.seconds", 300)), System.nanoTime());
    }

    private static void fuzz(Duration duration, long seed) throws IOException {
        Mutator mutator = new Mutator(seed);
        Map<PictureException.Reason, Integer> refusals = new EnumMap<>(PictureException.Reason.class);
        long end = System.nanoTime() + duration.toNanos();
        int runs = 0;
        int read = 0;
        while (System.nanoTime() < end) {
            byte[] damaged = mutator.mutate(PictureFixtures.file(SEEDS.get(runs++ % SEEDS.size())));
            // Every other one: checksums would hide what lies behind them.
            if (runs % 2 == 0 && PngChunks.isPng(damaged)) {
                repairChecksums(damaged);
            }
            try {
                READER.read(damaged);
                read++;
            } catch (PictureException e) {
                refusals.merge(e.reason(), 1, Integer::sum);
            } catch (Throwable e) {
                fail("run %d of seed %d, kept as %s".formatted(runs, seed, keep(damaged)), e);
            }
        }
        System.out.printf("picture fuzz seed %d: %d runs, %d read, refused %s%n", seed, runs, read, refusals);
        assertThat(read).as("some damage is harmless").isPositive();
        assertThat(refusals).as("some is not").isNotEmpty();
    }

    private static void repairChecksums(byte[] png) {
        ByteBuffer bytes = ByteBuffer.wrap(png);
        CRC32 crc = new CRC32();
        for (int at = 8; at <= png.length - 12; at = bytes.position()) {
            int length = bytes.getInt(at);
            if (length < 0 || length > png.length - 12 - at) {
                return;
            }
            crc.reset();
            crc.update(png, at + 4, length + 4);
            bytes.position(at + 8 + length).putInt((int) crc.getValue());
        }
    }

    private static Path keep(byte[] damaged) throws IOException {
        Path kept = Path.of("target", "fuzz");
        Files.createDirectories(kept);
        return Files.write(Files.createTempFile(kept, "picture", ""), damaged);
    }
}
