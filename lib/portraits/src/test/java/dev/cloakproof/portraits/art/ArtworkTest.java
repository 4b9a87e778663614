package dev.cloakproof.portraits.art;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.portraits.Pictures;
import dev.cloakproof.tensor.image.Picture;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArtworkTest {
    private final ArtworkDomain domain = new ArtworkDomain();

    @Test
    void everyKindOfEverythingOccurs() {
        Set<Object> found = LongStream.range(0, 200)
                .mapToObj(seed -> List.<Object>of(
                        Artist.of(seed).style(),
                        Artist.of(seed).palette(),
                        Artwork.of(seed).arrangement()))
                .flatMap(List::stream)
                .collect(Collectors.toSet());
        assertThat(found)
                .contains((Object[]) Style.values())
                .contains((Object[]) Palette.values())
                .contains((Object[]) Artwork.Arrangement.values());
    }

    @Test
    void anArtistKeepsToThePalette() {
        for (long seed = 0; seed < 40; seed++) {
            Artist artist = Artist.of(seed);
            if (artist.palette() == Palette.INK && artist.style() != Style.STILL_LIFE) {
                Picture picture = domain.render(artist, Artwork.of(seed), 32);
                // Black and white, but for the warm black of outlines.
                for (int i = 0; i < 32; i++) {
                    assertThat(Math.abs(picture.sample(i, i, 0) - picture.sample(i, i, 2)))
                            .isLessThan(10);
                }
            }
        }
    }

    /** Pictures of one artist share their mean colour more than pictures of two. */
    @Test
    void worksOfAnArtistAreAlike() {
        double same = 0;
        double other = 0;
        for (long artist = 0; artist < 30; artist++) {
            same += far(mean(artist, 1), mean(artist, 2));
            other += far(mean(artist, 1), mean(artist + 1, 2));
        }
        assertThat(same * 2).isLessThan(other);
    }

    private double[] mean(long artist, long work) {
        Picture picture = domain.render(artist, work, 32);
        double[] mean = new double[3];
        for (int i = 0; i < 32 * 32 * 3; i++) {
            mean[i % 3] += picture.sample(i / 3 % 32, i / 96, i % 3) / 1024.0;
        }
        return mean;
    }

    private static double far(double[] one, double[] other) {
        return Math.abs(one[0] - other[0]) + Math.abs(one[1] - other[1]) + Math.abs(one[2] - other[2]);
    }

    @Test
    void captionsNameStylePaletteAndOutlines() {
        for (long seed = 0; seed < 30; seed++) {
            Artist artist = Artist.of(seed);
            Artwork work = Artwork.of(seed);
            Set<String> captions = new HashSet<>();
            for (long phrasing = 0; phrasing < 60; phrasing++) {
                captions.add(domain.caption(artist, work, phrasing, Optional.empty()));
            }
            String said = String.join("; ", captions);
            assertThat(said)
                    .contains(artist.style().words())
                    .contains(artist.palette().words());
            assertThat(said.contains("dark outlines")).isEqualTo(artist.outline() > 0);
            assertThat(said.contains("brush strokes")).isEqualTo(artist.strokes() > 0);
            assertThat(captions).allMatch(caption -> caption.contains("an artwork"));
        }
    }

    @Test
    void outlinesAreDark() {
        Artist plain = new Artist(Style.GEOMETRIC, Palette.CANDY, 0, 0, 0, 0, 0, 1, 0);
        Artist outlined = new Artist(Style.GEOMETRIC, Palette.CANDY, 0, 0.012f, 0, 0, 0, 1, 0);
        assertThat(dark(domain.render(plain, Artwork.of(1), 64))).isZero();
        assertThat(dark(domain.render(outlined, Artwork.of(1), 64))).isGreaterThan(30);
        assertThat(Pictures.distance(
                        domain.render(plain, Artwork.of(1), 64), domain.render(outlined, Artwork.of(1), 64)))
                .isLessThan(30);
    }

    private static int dark(Picture picture) {
        int dark = 0;
        for (int i = 0; i < 64 * 64; i++) {
            dark += picture.sample(i % 64, i / 64, 1) < 50 ? 1 : 0;
        }
        return dark;
    }
}
