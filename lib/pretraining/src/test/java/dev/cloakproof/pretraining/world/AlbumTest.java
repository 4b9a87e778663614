package dev.cloakproof.pretraining.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.pretraining.world.Album.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlbumTest {
    private static final int SIZE = 32;

    @TempDir
    Path folder;

    @Test
    void aPictureIsTheSameWhenItIsFound() {
        try (var album = new Album(folder, SIZE)) {
            Album.Portrait drawn = album.portrait(17);
            Album.Portrait found = album.portrait(17);
            assertThat(found.picture()).isEqualTo(drawn.picture());
            Album.Portrait truth = Album.draw(17 / Album.WORKS, 17, SIZE);
            assertThat(found.picture()).isEqualTo(truth.picture());
            assertThat(found.box()).containsExactly(truth.box());
            assertThat(found.landmarks()).containsExactly(truth.landmarks());
            assertThat(found.parts()).containsExactly(truth.parts());
        }
    }

    @Test
    void nobodyInItIsHeldOut() {
        for (Kind kind : Kind.values()) {
            assertThat((kind.count() - 1) / Album.WORKS).isLessThan((int) Seeds.HELD_OUT);
        }
    }

    @Test
    void anAlbumOfAnotherRendererStartsAnew() throws IOException {
        try (var album = new Album(folder, SIZE)) {
            album.picture(Kind.PORTRAIT, 5);
        }
        try (var file =
                new RandomAccessFile(folder.resolve("portraits-32.album").toFile(), "rw")) {
            file.seek(1); // the first pixel of picture 0
            file.write(~file.read());
        }
        try (var album = new Album(folder, SIZE)) {
            assertThat(album.picture(Kind.PORTRAIT, 0))
                    .isEqualTo(Album.draw(0, 0, SIZE).picture());
            assertThat(album.picture(Kind.PORTRAIT, 5))
                    .isEqualTo(Album.draw(0, 5, SIZE).picture());
        }
    }
}
