package dev.cloakproof.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.tensor.image.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriorPicturesTest {
    @TempDir
    private Path folder;

    private final List<Long> drawn = new ArrayList<>();

    private List<Picture> get(int count, String model, int most) {
        var made = new ArrayList<Integer>();
        return new PriorPictures(folder, (prompt, seed) -> {
                    assertThat(prompt).isEqualTo("a photo of a person");
                    drawn.add(seed);
                    return Picture.of(1, 1, new byte[] {(byte) seed, (byte) (seed >> 8), (byte) (seed >> 16)});
                })
                .get("a photo of a person", count, 3, model, made::add, () -> made.size() == most);
    }

    @Test
    void aSetIsMadeOnceAndSharedByAllRunsOfTheSameModel() {
        List<Picture> first = get(3, "a", -1);
        assertThat(drawn).hasSize(3).doesNotHaveDuplicates();
        assertThat(get(3, "a", -1)).isEqualTo(first);
        assertThat(drawn).hasSize(3);
        get(3, "b", -1);
        assertThat(drawn).hasSize(6);
    }

    @Test
    void whatACancelledRunMadeIsKept() {
        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> get(3, "a", 2));
        assertThat(drawn).hasSize(2);
        assertThat(get(3, "a", -1)).hasSize(3);
        assertThat(drawn).hasSize(3);
    }
}
