package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullManifestTest {
    private static final String GOOD = """
            {"name": "tiny", "licences": ["none"], "components": {"diffusion": {"files": [
              {"path": "unet/weights", "bytes": 1, "sha256": "%s", "url": "https://example.org/w"}]}}}
            """.formatted("0".repeat(64));

    @TempDir
    private Path folder;

    private PullManifest read(String text) throws IOException {
        return PullManifest.read(Files.writeString(folder.resolve("m.json"), text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc/x", "a//b", "a/../b", ".hidden"})
    void pathsThatLeadOutAreRefused(String path) {
        assertThatThrownBy(() -> read(GOOD.replace("unet/weights", path))).isInstanceOf(LocalException.class);
    }

    @Test
    void whatLacksSomethingIsRefused() throws IOException {
        read(GOOD);
        assertThatThrownBy(() -> read(GOOD.replace("\"none\"", ""))).hasMessageContaining("licences");
        assertThatThrownBy(() -> read(GOOD.replace("0000", "zz"))).hasMessageContaining("sha256");
        assertThatThrownBy(() -> read(GOOD.replace("https", "file"))).hasMessageContaining("url");
        assertThatThrownBy(() -> read("[]")).isInstanceOf(LocalException.class);
        assertThatThrownBy(() -> read("{")).isInstanceOf(LocalException.class);
    }
}
