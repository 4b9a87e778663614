package dev.cloakproof.vision.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.Owned;
import dev.cloakproof.tensor.pack.PackException;
import dev.cloakproof.vision.block.NetworkFolder;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedFacesTest {
    private static final RetinaFaceConfig DETECTOR = new RetinaFaceConfig(4, List.of(1, 1, 1, 1), 16, 64);
    private static final IResNetConfig RECOGNISER = new IResNetConfig(4, List.of(1, 1, 1, 1), 8, 32);
    private static final VggFaceConfig VGG = new VggFaceConfig(List.of(4, 4, 4, 4, 4), 8, 6, 32, 0.25);

    @TempDir
    private Path folder;

    private final List<String> components = new ArrayList<>();

    private void component(String name, String family, Object config, Network network) throws IOException {
        Path place = folder.resolve(name);
        NetworkFolder.writeConfig(place, family, config);
        Pretrained.save(place.resolve("model.safetensors"), network, Map.of());
        network.close();
        Path weights = place.resolve("model.safetensors");
        components.add("\"%s\": {\"family\": \"%s\", \"path\": \"%s\", \"licence\": \"none\", \"files\": [%s]}"
                .formatted(
                        name,
                        family,
                        name,
                        "{\"path\": \"%s/model.safetensors\", \"bytes\": %d, \"sha256\": \"%s\"}"
                                .formatted(name, Files.size(weights), ModelPack.sha256(weights))));
    }

    private ModelPack pack() throws IOException {
        Files.writeString(
                folder.resolve(ModelPack.MANIFEST),
                "{\"name\": \"small\", \"components\": {%s}}".formatted(String.join(", ", components)));
        return ModelPack.open(folder);
    }

    private static Parameters drawn() {
        return Parameters.drawn(Generator.seeded(1));
    }

    @Test
    void aPackMayHoldNetworksOfItsOwnShape() throws IOException {
        component("face-detector", "retinaface", DETECTOR, new RetinaFace(DETECTOR, drawn()));
        component("arcface", "iresnet", RECOGNISER, new IResNet(RECOGNISER, drawn()));
        component("vggface", "vgg-face", VGG, new VggFaceNetwork(VGG, drawn()));
        Picture picture = Picture.of(40, 48, new byte[40 * 48 * 3]);
        var owned = new Owned();
        try (var _ = Scope.open();
                owned) {
            ModelPack pack = pack();
            assertThat(PackedFaces.detector(pack, Placement.REFERENCE, owned)).isInstanceOf(RetinaDetector.class);
            FaceEmbedder arcFace = PackedFaces.arcFace(pack, Placement.REFERENCE, owned);
            assertThat(arcFace.embed(picture, Optional.empty())).hasSize(8);
            VggFace vggFace = PackedFaces.vggFace(pack, Placement.REFERENCE, owned);
            assertThat(vggFace.embed(picture, Optional.empty())).hasSize(6);
            assertThat(vggFace.farthest()).isEqualTo(0.25);
        }
    }

    @Test
    void anotherFamilyIsRefused() throws IOException {
        component("face-detector", "yolo", DETECTOR, new RetinaFace(DETECTOR, drawn()));
        ModelPack pack = pack();
        assertThatThrownBy(() -> PackedFaces.detector(pack, Placement.REFERENCE, new Owned()))
                .isInstanceOf(PackException.class)
                .hasMessageContaining("yolo");
    }
}
