package dev.cloakproof.portraits.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PortraitCaptionTest {
    private static final Photograph PHOTOGRAPH = Photograph.of(0);

    @Test
    void whatIsDrawnIsNamedAndNothingElse() {
        for (long seed = 0; seed < 60; seed++) {
            Identity identity = Identity.of(seed);
            Photograph photograph = Photograph.of(seed);
            String said = all(identity, photograph);
            assertNames(
                    said, identity.glasses().kind().words(), identity.glasses().kind() != Glasses.Kind.NONE);
            assertNames(said, identity.beard().kind().words(), identity.beard().kind() != Beard.Kind.NONE);
            assertNames(said, identity.hat().kind().words(), identity.hat().kind() != Hat.Kind.NONE);
            assertNames(said, "freckles", identity.skin().freckles() > 0);
            assertNames(said, "laughing", photograph.expression().open() > Expression.TEETH);
            assertThat(said)
                    .contains(photograph.background().kind().words())
                    .contains(identity.skin().tone().words() + " skin");
            if (identity.hair().style() != Hair.Style.BALD) {
                assertThat(said).contains(identity.hair().colour().words());
            }
            for (Background.Kind kind : Background.Kind.values()) {
                assertNames(said, kind.words(), kind == photograph.background().kind());
            }
        }
    }

    private static void assertNames(String said, String words, boolean shown) {
        assertThat(said.contains(words)).as("%s in %s", words, said).isEqualTo(shown);
    }

    /** All captions of a portrait one after the other. */
    private static String all(Identity identity, Photograph photograph) {
        return LongStream.range(0, 60)
                .mapToObj(phrasing -> PortraitCaption.of(identity, photograph, phrasing, Optional.empty()))
                .collect(Collectors.joining("; "));
    }

    @Test
    void turnsAndSmilesAreNamed() {
        assertThat(all(Identity.of(0), posed(25, 0.6f)))
                .contains("turned to the right")
                .contains("smiling");
        assertThat(all(Identity.of(0), posed(-25, -0.4f)))
                .contains("turned to the left")
                .contains("looking sad");
        assertThat(all(Identity.of(0), posed(0, 0)))
                .contains("facing the camera")
                .doesNotContain("smiling");
    }

    private static Photograph posed(float yaw, float smile) {
        return new Photograph(
                new Pose(yaw, 0, 0, 0.5f, 0.5f, 0.38f),
                new Expression(smile, 0, 0, 1, 0, 0),
                PHOTOGRAPH.light(),
                PHOTOGRAPH.background(),
                PHOTOGRAPH.clothes());
    }

    @Test
    void captionsReadLikeASentence() {
        Set<String> openings = new HashSet<>();
        for (long seed = 0; seed < 300; seed++) {
            String caption = PortraitCaption.of(Identity.of(seed), Photograph.of(seed), seed, Optional.empty());
            assertThat(caption)
                    .matches("(a (photo|picture) of )?a person( with [a-z, -]+)?(, [a-z -]+)*")
                    .doesNotContain("  ")
                    .doesNotContain(" a orange")
                    .doesNotContain(",,");
            openings.add(caption.substring(0, caption.indexOf("person")));
        }
        assertThat(openings).containsExactlyInAnyOrder("a photo of a ", "a picture of a ", "a ");
    }

    @Test
    void theIdentifierStandsBeforeTheClassNoun() {
        assertThat(PortraitCaption.of(Identity.of(1), PHOTOGRAPH, 2, Optional.of("sks")))
                .contains("sks person");
    }
}
