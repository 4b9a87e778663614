package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.local.LineState.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineStateTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() {
        Started me = Started.of(ProcessHandle.current());
        LineState state =
                new LineState(me, true, "", Map.of("broker", me), Map.of("evaluator.http", 8104), "127.0.0.1:9");
        Path file = folder.resolve("line.json");
        assertThat(LineState.read(file)).isEmpty();
        state.write(file);
        assertThat(LineState.read(file)).contains(state);
        assertThat(state.page()).isEqualTo("http://127.0.0.1:8104/");
    }

    @Test
    void aNumberThatCameAgainIsAnotherProcess() {
        Started me = Started.of(ProcessHandle.current());
        assertThat(me.process()).isPresent();
        assertThat(new Started(me.pid(), me.start() - 1).process()).isEmpty();
    }

    @Test
    void aDamagedFileIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("line.json"), "{");
        assertThatThrownBy(() -> LineState.read(file)).hasMessageContaining("line.json");
    }

    @Test
    void onlyWhatWasStartedIsStopped() throws Exception {
        // A supervisor that was killed left a child behind; another process is none of ours.
        Process child = new ProcessBuilder("sleep", "600").start();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Home home = new Home(folder, folder.resolve("home"));
            home.prepare();
            Started gone = new Started(child.pid(), 1);
            new LineState(
                            gone,
                            true,
                            "",
                            Map.of("broker", Started.of(child.toHandle()), "sampler", new Started(stranger.pid(), 1)),
                            Map.of(),
                            "")
                    .write(home.state());
            assertThat(new Lines(home).stop()).isTrue();
            assertThat(child.waitFor()).isNotZero();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(home.state()).doesNotExist();
        } finally {
            child.destroyForcibly();
            stranger.destroyForcibly();
        }
    }
}
