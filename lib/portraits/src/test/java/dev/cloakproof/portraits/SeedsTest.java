package dev.cloakproof.portraits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void trainingSeedsPassAndHeldOutOnesAreRefused() {
        assertThat(Seeds.training(0)).isZero();
        assertThat(Seeds.training(899_999)).isEqualTo(899_999);
        assertThatThrownBy(() -> Seeds.training(900_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("held out")
                .hasMessageContaining("900000");
        assertThatThrownBy(() -> Seeds.training(Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Seeds.training(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void heldOutSeedsAreNoTrainingSeeds() {
        assertThat(Seeds.heldOut(0)).isEqualTo(900_000);
        assertThat(Seeds.heldOut(7)).isEqualTo(900_007);
        assertThatThrownBy(() -> Seeds.heldOut(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
