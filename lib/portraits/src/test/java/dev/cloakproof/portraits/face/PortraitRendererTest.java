package dev.cloakproof.portraits.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.portraits.Pictures;
import dev.cloakproof.portraits.face.PortraitRenderer.Annotated;
import dev.cloakproof.tensor.image.Picture;
import org.junit.jupiter.api.Test;

class PortraitRendererTest {
    @Test
    void theAnnotatedPortraitIsThePortrait() {
        Annotated annotated = PortraitRenderer.annotated(Identity.of(2), Photograph.of(3), 64);
        assertThat(annotated.picture()).isEqualTo(PortraitRenderer.render(Identity.of(2), Photograph.of(3), 64));
        assertThat(annotated.annotation().labels().size()).isEqualTo(64);
    }

    /** The same photograph of other people differs in the head more than the same person in a little other light. */
    @Test
    void aPersonInOtherLightIsCloserThanAnotherPerson() {
        Photograph photograph = Photograph.of(4);
        Light light = photograph.light();
        var other = new Photograph(
                photograph.pose(),
                photograph.expression(),
                new Light(light.azimuth() + 15, light.elevation(), light.warmth(), light.key(), light.ambient()),
                photograph.background(),
                photograph.clothes());
        for (long seed = 0; seed < 20; seed++) {
            Picture portrait = PortraitRenderer.render(Identity.of(seed), photograph, 48);
            double self = Pictures.distance(portrait, PortraitRenderer.render(Identity.of(seed), other, 48));
            for (long stranger = 0; stranger < 20; stranger++) {
                if (stranger != seed) {
                    Picture theirs = PortraitRenderer.render(Identity.of(stranger), photograph, 48);
                    assertThat(Pictures.distance(portrait, theirs)).isGreaterThan(self);
                }
            }
        }
    }

    @Test
    void lightComesFromWhereItIsSaid() {
        Identity identity = Identity.of(21);
        double fromLeft = brightness(identity, -60, true) - brightness(identity, -60, false);
        double fromRight = brightness(identity, 60, true) - brightness(identity, 60, false);
        assertThat(fromLeft).isGreaterThan(10);
        assertThat(fromRight).isLessThan(-10);
    }

    /** The mean green level of the face's skin left or right of its middle. */
    private static double brightness(Identity identity, float azimuth, boolean left) {
        Photograph other = Photograph.of(0);
        var photograph = new Photograph(
                new Pose(0, 0, 0, 0.5f, 0.5f, 0.38f),
                other.expression(),
                new Light(azimuth, 20, 0, 0.7f, 0.4f),
                other.background(),
                other.clothes());
        Annotated annotated = PortraitRenderer.annotated(identity, photograph, 64);
        double sum = 0;
        int count = 0;
        for (int y = 0; y < 64; y++) {
            for (int x = left ? 0 : 32; x < (left ? 32 : 64); x++) {
                if (annotated.annotation().labels().at(x, y) == Part.SKIN) {
                    sum += annotated.picture().sample(x, y, 1);
                    count++;
                }
            }
        }
        return sum / count;
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> PortraitRenderer.render(Identity.of(0), Photograph.of(0), 8))
                .hasMessageContaining("16 to 1024");
    }
}
