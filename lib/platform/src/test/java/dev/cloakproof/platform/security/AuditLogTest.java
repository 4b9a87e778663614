package dev.cloakproof.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cloakproof.platform.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("audit.jsonl");
        try (AuditLog log = AuditLog.open(file, clock)) {
            log.append("anna", "upload", "runs/r-1", Map.of("pictures", "4"));
            log.append("ben", "cancel", "runs/r-1", Map.of());
        }
        try (AuditLog log = AuditLog.open(file, clock)) {
            log.append("anna", "delete-subject", "subjects/anna", Map.of("blobs", "12", "runs", "1"));
        }
    }

    @Test
    void linesSayWhoDidWhatAndFollowEachOtherAcrossRestarts() throws IOException {
        List<String> lines = Files.readAllLines(file);

        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst())
                .isEqualTo(
                        "{\"sequence\":1,\"time\":\"2026-01-01T00:00:00Z\",\"caller\":\"anna\",\"action\":\"upload\","
                                + "\"target\":\"runs/r-1\",\"details\":{\"pictures\":\"4\"},\"previous\":\""
                                + "0".repeat(64)
                                + "\"}");
        try (AuditLog log = AuditLog.open(file, clock)) {
            assertThat(AuditLog.verify(file)).isEqualTo(log.head()).hasSize(64);
        }
    }

    @Test
    void aChangedLineShows() throws IOException {
        rewrite(lines -> {
            lines.set(1, lines.get(1).replace("ben", "eve"));
            return lines;
        });

        assertThatIOException().isThrownBy(() -> AuditLog.verify(file)).withMessageContaining("expected line 3");
        assertThatIOException().isThrownBy(() -> AuditLog.open(file, clock));
    }

    @Test
    void aDroppedLineAndSwappedLinesShow() throws IOException {
        List<String> lines = Files.readAllLines(file);

        Files.write(file, List.of(lines.get(0), lines.get(2)));
        assertThatIOException().isThrownBy(() -> AuditLog.verify(file)).withMessageContaining("found line 3");

        Files.write(file, List.of(lines.get(1), lines.get(0), lines.get(2)));
        assertThatIOException().isThrownBy(() -> AuditLog.verify(file)).withMessageContaining("found line 2");
    }

    @Test
    void aCutOffEndShowsAgainstTheHeadKeptElsewhere() throws IOException {
        String head = AuditLog.verify(file);
        rewrite(lines -> lines.subList(0, 2));

        assertThat(AuditLog.verify(file)).isNotEqualTo(head);
    }

    @Test
    void anUnfinishedLineOfACrashIsCutOffAndReported() throws IOException {
        Files.writeString(file, "{\"sequence\":4,\"ti", StandardOpenOption.APPEND);

        AuditLog.open(file, clock).close();

        assertThat(Files.readAllLines(file)).hasSize(4).last().asString().contains("cut-unfinished-line");
        AuditLog.verify(file);
    }

    @Test
    void aLineForWhichThereIsNoRoomLeavesNothing() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeThat(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()))
                .as("a full disk needs a small one: mounting a tmpfs is not allowed here")
                .isZero();
        try {
            Path full = small.resolve("audit.jsonl");
            try (AuditLog log = AuditLog.open(full, clock)) {
                log.append("anna", "upload", "runs/r-1", Map.of());
                Map<String, String> longer = Map.of("explanation", "x".repeat(2_000_000));
                assertThatIOException().isThrownBy(() -> log.append("ben", "cancel", "runs/r-1", longer));
                log.append("carla", "delete-run", "runs/r-1", Map.of());
            }
            AuditLog.verify(full);
            assertThat(Files.readAllLines(full)).hasSize(2).last().asString().contains("carla");
        } finally {
            command("umount", small.toString());
        }
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }

    @Test
    void aLogHasOneWriter() throws IOException {
        try (AuditLog _ = AuditLog.open(file, clock)) {
            assertThatIOException().isThrownBy(() -> AuditLog.open(file, clock)).withMessageContaining("only writer");
        }
    }

    private void rewrite(UnaryOperator<List<String>> change) throws IOException {
        Files.write(file, change.apply(new ArrayList<>(Files.readAllLines(file))));
    }
}
