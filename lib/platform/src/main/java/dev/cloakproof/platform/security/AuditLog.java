package dev.cloakproof.platform.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.cloakproof.platform.blob.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who did what, one JSON object a line. Each line holds the hash of the line before: changing, dropping or swapping
 * lines shows in {@link #verify}. Cutting off the end does not show by itself, which is what {@link #head} is for: keep
 * it somewhere else. A line is on the disk when {@link #append} returns. One process writes a log.
 */
public final class AuditLog implements AutoCloseable {
    private static final String BEGINNING = "0".repeat(64);
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final FileChannel channel;
    private final InstantSource clock;
    private long sequence;
    private String head = BEGINNING;

    private AuditLog(FileChannel channel, InstantSource clock) {
        this.channel = channel;
        this.clock = clock;
    }

    /**
     * Opens a log, creating it if needed.
     *
     * <p>A line that a crash left unfinished is cut off, and the log says so in a line of its own.
     *
     * @throws IOException if the file cannot be read or locked, or does not verify
     */
    public static AuditLog open(Path file, InstantSource clock) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(channel, file);
            AuditLog log = new AuditLog(channel, clock);
            String text = Files.readString(file);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            log.follow(whole);
            channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
            channel.position(channel.size());
            if (whole.length() < text.length()) {
                log.append("system", "cut-unfinished-line", file.getFileName().toString(), Map.of());
            }
            return log;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Writes a line and forces it to the disk. When that fails, nothing of the line is left. */
    public synchronized void append(String caller, String action, String target, Map<String, String> details)
            throws IOException {
        AuditEntry entry =
                new AuditEntry(sequence + 1, clock.instant(), caller, action, target, new TreeMap<>(details), head);
        String line = JSON.writeValueAsString(entry);
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        long begun = channel.position();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException failed) {
            channel.truncate(begun); // a full disk takes half a line
            throw failed;
        }
        sequence = entry.sequence();
        head = Sha256.of(line);
    }

    /** Hash of the last line; with it kept elsewhere, a cut-off end shows. */
    public synchronized String head() {
        return head;
    }

    /**
     * Checks a log from its beginning.
     *
     * @return the hash of its last line
     * @throws IOException naming the first line that does not follow from the one before
     */
    public static String verify(Path file) throws IOException {
        AuditLog log = new AuditLog(null, null);
        log.follow(Files.readString(file));
        return log.head;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException sameProcess) {
            // the same refusal, only from inside
        }
        throw new IOException("expected to be the only writer of " + file + ", found another");
    }

    private void follow(String lines) throws IOException {
        for (String line : lines.lines().toList()) {
            AuditEntry entry = parse(line);
            if (entry.sequence() != sequence + 1 || !head.equals(entry.previous())) {
                throw new IOException("expected line " + (sequence + 1) + " after hash " + head + ", found line "
                        + entry.sequence() + " after hash " + entry.previous());
            }
            sequence = entry.sequence();
            head = Sha256.of(line);
        }
    }

    private AuditEntry parse(String line) throws IOException {
        try {
            return JSON.readValue(line, AuditEntry.class);
        } catch (JsonProcessingException damaged) {
            throw new IOException("expected an audit entry in line " + (sequence + 1) + ", found " + line, damaged);
        }
    }
}
