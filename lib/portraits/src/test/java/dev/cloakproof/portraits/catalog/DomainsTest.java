package dev.cloakproof.portraits.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.portraits.Domain;
import dev.cloakproof.portraits.Pictures;
import dev.cloakproof.tensor.image.Picture;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds in every domain. */
class DomainsTest {
    static List<Domain<?, ?>> domains() {
        return Domains.all();
    }

    /**
     * Pinned: the same bytes on every machine, and no change of the pictures unnoticed, since a model of the pack is
     * only reproducible with the pictures it was trained on.
     */
    @ParameterizedTest
    @CsvSource({
        "portraits, 3, 5, 128, 97754adf3bf8d545",
        "portraits, 900001, 8, 64, 0797960aa5dc07db",
        "artworks, 3, 5, 128, c326722fc900568c",
        "artworks, 4, 6, 96, 74dde6a6edb77633",
    })
    void picturesStayWhatTheyWere(String domain, long subject, long work, int size, String hash) {
        assertThat(Pictures.hash(Domains.of(domain).render(subject, work, size)))
                .isEqualTo(hash);
    }

    @ParameterizedTest
    @MethodSource("domains")
    void threadsDrawTheSame(Domain<?, ?> domain) throws InterruptedException, ExecutionException {
        List<Picture> alone = IntStream.range(0, 8)
                .mapToObj(seed -> domain.render(seed, seed, 48))
                .toList();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 4; round++) {
                List<Future<Picture>> together = IntStream.range(0, 8)
                        .mapToObj(seed -> threads.submit(() -> domain.render(seed, seed, 48)))
                        .toList();
                for (int seed = 0; seed < 8; seed++) {
                    assertThat(together.get(seed).get()).isEqualTo(alone.get(seed));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("domains")
    void aSmallPictureIsTheLargeOneSmaller(Domain<?, ?> domain) {
        for (int seed = 0; seed < 12; seed++) {
            Picture small = domain.render(seed, seed, 64);
            Picture large = Pictures.half(domain.render(seed, seed, 128));
            assertThat(Pictures.distance(small, large)).as("seed %d", seed).isLessThan(2.5);
        }
    }

    @ParameterizedTest
    @MethodSource("domains")
    void subjectsAndWorksBothChangeThePicture(Domain<?, ?> domain) {
        Set<String> hashes = IntStream.range(0, 36)
                .mapToObj(i -> Pictures.hash(domain.render(i / 6, i % 6, 32)))
                .collect(Collectors.toSet());
        assertThat(hashes).hasSize(36);
    }

    @ParameterizedTest
    @MethodSource("domains")
    void captionsNameTheSubjectAndVary(Domain<?, ?> domain) {
        Set<String> captions = IntStream.range(0, 40)
                .mapToObj(phrasing -> domain.caption(1, 2, phrasing, Optional.of("sks")))
                .collect(Collectors.toSet());
        assertThat(captions).hasSizeGreaterThan(10).allMatch(caption -> caption.contains("sks " + domain.classNoun()));
        assertThat(domain.caption(1, 2, 3, Optional.empty()))
                .contains(domain.classNoun())
                .doesNotContain("sks");
        assertThat(domain.caption(1, 2, 3, Optional.of("sks"))).isEqualTo(domain.caption(1, 2, 3, Optional.of("sks")));
    }

    @Test
    void unknownDomainsAreNamedWithTheKnown() {
        assertThatThrownBy(() -> Domains.of("cats"))
                .hasMessage("no domain is called cats, expected one of [portraits, artworks]");
    }

    @Test
    void aSheetShowsEveryPictureInItsPlace() {
        Domain<?, ?> portraits = Domains.of("portraits");
        Picture sheet = PortraitSheet.of(portraits, 4, 2, 3, 32);
        assertThat(sheet.width()).isEqualTo(96);
        assertThat(sheet.height()).isEqualTo(64);
        assertThat(sheet.crop(64, 32, 32, 32)).isEqualTo(portraits.render(5L, 5L, 32));
        assertThatThrownBy(() -> PortraitSheet.of(List.of())).hasMessageContaining("found none");
    }
}
