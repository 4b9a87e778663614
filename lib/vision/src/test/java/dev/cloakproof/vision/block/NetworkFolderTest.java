package dev.cloakproof.vision.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.IResNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkFolderTest {
    private static final IResNetConfig SMALL = new IResNetConfig(4, List.of(1, 1, 1, 1), 8, 32);

    @TempDir
    private Path folder;

    private IResNet written() throws IOException {
        var network = new IResNet(SMALL, Parameters.drawn(Generator.seeded(1)));
        NetworkFolder.writeConfig(folder, "iresnet", SMALL);
        Pretrained.save(folder.resolve("model.safetensors"), network, Map.of());
        return network;
    }

    @Test
    void aFolderTellsTheNetworksShape() throws IOException {
        try (var _ = Scope.open();
                var network = written();
                var loaded = IResNet.load(folder, Placement.REFERENCE)) {
            assertThat(Files.readString(folder.resolve("config.json"))).contains("\"model_type\" : \"iresnet\"");
            assertThat(loaded.config()).isEqualTo(SMALL);
            Tensor faces = Generator.seeded(2).normal(2, 3, 32, 32);
            assertThat(loaded.forward(faces).toFloats())
                    .isEqualTo(network.forward(faces).toFloats());
        }
    }

    @Test
    void trainingMovesStatisticsAndOnlyWhileItIsOn() throws IOException {
        try (var _ = Scope.open();
                var network = written()) {
            Tensor mean = network.parameters().all().get("bn1.running_mean");
            Tensor faces = Generator.seeded(2).normal(2, 3, 32, 32);
            network.forward(faces);
            assertThat(mean.toFloats()).containsOnly(0);
            network.parameters().training(true);
            network.forward(faces);
            float[] moved = mean.toFloats();
            assertThat(moved).doesNotContain(0);
            network.parameters().training(false);
            network.forward(faces);
            assertThat(mean.toFloats()).isEqualTo(moved);
        }
    }

    @Test
    void badConfigsAreRefusedWithTheirReason() throws IOException {
        written().close();
        refused("{\"width\": 4}", "blocks");
        refused("{\"width\": 4, \"blocks\": [1, 1], \"embedding\": 8, \"side\": 32}", "four stages");
        refused("{\"width\": 4, \"blocks\": [1, 1, 1, 1], \"embedding\": 8, \"side\": 32, \"depth\": 3}", "depth");
        refused("[]", "not a JSON object");
        refused("{", "Unexpected end-of-input");
    }

    private void refused(String config, String why) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        assertThatThrownBy(() -> IResNet.load(folder, Placement.REFERENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(why);
    }
}
