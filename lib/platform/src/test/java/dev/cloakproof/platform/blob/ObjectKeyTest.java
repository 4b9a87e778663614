package dev.cloakproof.platform.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeyTest {
    @Test
    void namesAreJoinedBySlashes() {
        assertThat(ObjectKey.of("runs", "r-1", "manifest.json")).hasToString("runs/r-1/manifest.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/", "/etc/passwd", "a//b", "../a", "a/..", "a/.hidden", "a b", "a\\b", "a\nb"})
    void whatCouldLeaveTheFolderIsNoKey(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey(text));
    }
}
