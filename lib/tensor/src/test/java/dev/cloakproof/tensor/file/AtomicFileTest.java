package dev.cloakproof.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder;

    @Test
    void theNewContentReplacesTheOld() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old and longer");

        AtomicFile.write(file, channel -> channel.write(bytes("new")));

        assertThat(file).hasContent("new");
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void untilAllIsWrittenReadersSeeTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");

        AtomicFile.write(file, channel -> {
            channel.write(bytes("new"));
            assertThat(file).hasContent("old");
        });
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingBeside() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");

        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    channel.write(bytes("new"));
                    throw new IOException("disk full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");

        assertThat(file).hasContent("old");
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void otherUsersMayReadTheFileAsAnyFileOfTheirs() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        Path file = folder.resolve("a");

        AtomicFile.write(file, channel -> channel.write(bytes("new")));

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
