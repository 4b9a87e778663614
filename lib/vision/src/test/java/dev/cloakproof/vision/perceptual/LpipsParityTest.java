package dev.cloakproof.vision.perceptual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.vision.Fixtures;
import dev.cloakproof.vision.SeededWeights;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** LPIPS on trunks of published size against float64 runs of its authors' package. */
@Tag(Parity.TAG)
class LpipsParityTest {
    @ParameterizedTest
    @EnumSource
    void distance(LpipsNet net) {
        String name = "lpips-" + net.name().toLowerCase(Locale.ROOT);
        Parameters weights = SeededWeights.of(4700);
        Heads heads = Heads.load(Fixtures.file(name, "heads.pth"), net, Placement.REFERENCE);
        try (var _ = Scope.open();
                var lpips = new Lpips(new Trunk(net, weights), heads)) {
            Map<String, Tensor> fixture = Fixtures.load(name);
            Tensor a = fixture.get("in.a");
            Tensor found = lpips.distance(a, fixture.get("in.b"));
            Parity.relative(name, found, fixture.get("out.distance"), 1e-4);
            assertThat(lpips.distance(a, a).sum().item()).isZero();
            assertThatThrownBy(() -> lpips.distance(a, a.narrow(3, 0, 32)))
                    .hasMessageContaining("compares pictures of one size, found [2, 3, 70, 64] and [2, 3, 70, 32]");
            Tensor tiny = Tensor.zeros(1, 3, 1, 1);
            assertThatThrownBy(() -> lpips.distance(tiny, tiny)).hasMessageContaining("at least 32 pixels, found 1x1");
        }
    }

    @Test
    void placesWithoutAnyFeatureAreAlike() {
        Parameters zeros = Parameters.from((_, _, shape) -> Tensor.zeros(shape));
        Parameters ones = Parameters.from((_, _, shape) -> Tensor.ones(shape));
        try (var _ = Scope.open();
                var lpips = new Lpips(new Trunk(LpipsNet.ALEX, zeros), new Heads(LpipsNet.ALEX, ones))) {
            assertThat(lpips.distance(Tensor.zeros(1, 3, 64, 64), Tensor.ones(1, 3, 64, 64))
                            .item())
                    .isZero();
        }
    }
}
