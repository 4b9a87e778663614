package dev.cloakproof.diffusion.guided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cloakproof.diffusion.ConfigFile;
import dev.cloakproof.diffusion.UnsupportedConfigException;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuidedUNetTest {
    private static final GuidedUNetConfig SMALL = new GuidedUNetConfig(16, 8, List.of(1, 2), 1, List.of(2), 8, true, 4);

    @TempDir
    private Path folder;

    @Test
    void aNewNetworkPredictsNothingUntilItLearns() {
        try (var _ = Scope.open();
                var network = drawn()) {
            assertThat(network.predict(pixels(16), timesteps()).toFloats()).containsOnly(0);
        }
    }

    @Test
    void whatIsSavedIsReadBack() throws Exception {
        try (var _ = Scope.open();
                var network = drawn()) {
            // Some layers start at zero, which would hide the others.
            Generator values = Generator.seeded(2);
            network.parameters().all().values().forEach(p -> InPlace.copy(p, values.normal(p.shape())));
            network.save(folder, Map.of("cloakproof.step", "3"));
            try (var again = GuidedUNet.load(folder, Placement.REFERENCE)) {
                assertThat(again.config()).isEqualTo(SMALL);
                Tensor expected = network.predict(pixels(16), timesteps());
                Tensor found = again.predict(pixels(16), timesteps());
                assertThat(found.shape()).containsExactly(2, 6, 16, 16);
                assertThat(found.toFloats()).isEqualTo(expected.toFloats()).doesNotContain(0);
                assertThat(again.noise(pixels(16), timesteps()).toFloats())
                        .isEqualTo(expected.narrow(1, 0, 3).toFloats());
            }
        }
    }

    @Test
    void picturesThatCannotBeHalvedAreRefused() {
        try (var _ = Scope.open();
                var network = drawn()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.predict(pixels(15), timesteps()))
                    .withMessageContaining("multiples of 2");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.predict(pixels(16), Tensor.of(new long[] {1}, 1)))
                    .withMessageContaining("timesteps: expected (2)");
        }
    }

    @Test
    void thePublishedShapeIsReadBack() {
        String json = GuidedUNetConfig.PUBLISHED.toJson().toString();
        assertThat(GuidedUNetConfig.of(ConfigFile.parse("again", json))).isEqualTo(GuidedUNetConfig.PUBLISHED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | \"unet\" | expected one of [guided-diffusion], found unet",
                "image_size | 250 | expected a multiple of 32, found 250",
                "num_channels | 257 | expected an even number, found 257",
                "channel_mult | [] | expected 1 to 16 entries",
                "attention_factors | [8, 12] | expected of [1, 2, 4, 8, 16, 32], found [8,12]",
                "num_head_channels | 48 | expected a divisor of 512, found 48",
                "norm_num_groups | 24 | expected a divisor of 256, found 24",
                "learn_sigma | null | expected true or false, found nothing"
            })
    void anImpossibleShapeIsRefusedByName(String key, String value, String expected) {
        String json = GuidedUNetConfig.PUBLISHED.toJson().toString();
        // The last of two equal keys counts.
        String changed = json.replaceFirst("}$", ", \"" + key + "\": " + value + "}");
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> GuidedUNetConfig.of(ConfigFile.parse("config.json", changed)))
                .withMessageContaining("config.json: '" + key + "'")
                .withMessageContaining(expected);
    }

    private static GuidedUNet drawn() {
        return new GuidedUNet(SMALL, Parameters.drawn(Generator.seeded(1)));
    }

    private static Tensor pixels(int side) {
        return Generator.seeded(3).normal(2, 3, side, side);
    }

    private static Tensor timesteps() {
        return Tensor.of(new long[] {10, 900}, 2);
    }
}
