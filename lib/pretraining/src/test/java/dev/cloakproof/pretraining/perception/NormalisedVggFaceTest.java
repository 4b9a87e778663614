package dev.cloakproof.pretraining.perception;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.identity.VggFaceConfig;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class NormalisedVggFaceTest {
    @Test
    void foldedItDoesTheSame() {
        var random = Generator.seeded(1);
        // Statistics and scales from 0.5 to 1.5: none of them is left out unnoticed.
        var parameters = Parameters.from((name, init, shape) -> shape.length == 4
                ? init.draw(random, shape).mul(0.3)
                : random.uniform(shape).add(0.5));
        var config = new VggFaceConfig(List.of(4, 4, 8, 8, 8), 16, 12, 32, 0.4);
        try (var _ = Scope.open();
                var _ = Autograd.pause();
                var normalised = new NormalisedVggFace(config, parameters);
                var folded = normalised.folded()) {
            Tensor pixels = Generator.seeded(2).uniform(3, 3, 32, 32);
            float[] expected = normalised.forward(pixels).toFloats();
            float[] found = folded.forward(pixels).toFloats();
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], Offset.offset(1e-4f * Math.max(1, Math.abs(expected[i]))));
            }
        }
    }
}
