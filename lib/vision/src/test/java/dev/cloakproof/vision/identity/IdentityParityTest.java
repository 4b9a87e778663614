package dev.cloakproof.vision.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Layout;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.vision.Fixtures;
import dev.cloakproof.vision.SeededWeights;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** iresnet, ArcFace in ONNX and VGG-Face from HDF5 against float64 runs of their definitions (identity.py). */
@Tag(Parity.TAG)
class IdentityParityTest {
    private static final VggFaceConfig SMALL = new VggFaceConfig(List.of(4, 6, 8, 8, 8), 12, 10, 224, 0.40);

    @Test
    void iresnet50() {
        try (var _ = Scope.open();
                var network = new IResNet(IResNetConfig.R50, SeededWeights.of(5300))) {
            Tensor faces = Generator.seeded(5301).normal(2, 3, 112, 112).mul(0.5);
            Tensor expected = Fixtures.load("iresnet").get("out.embeddings");
            Parity.relative("iresnet50 embeddings", network.forward(faces), expected, 1e-4);
        }
    }

    @Test
    void iresnet100HasItsPublishedParameters() {
        Map<String, long[]> layout = Layout.of(p -> new IResNet(IResNetConfig.R100, p));
        long trained = layout.entrySet().stream()
                .filter(entry -> !entry.getKey().contains("running_"))
                .mapToLong(entry -> java.util.Arrays.stream(entry.getValue()).reduce(1, (a, b) -> a * b))
                .sum();
        assertThat(trained).isEqualTo(65_156_160L);
    }

    @Test
    void arcFaceInOnnx() {
        try (var _ = Scope.open();
                var arcFace = ArcFace.load(Fixtures.file("arcface", "arcface.onnx"))) {
            Map<String, Tensor> fixture = Fixtures.load("arcface");
            Picture picture = picture(fixture.get("in.picture"));
            float[] found = arcFace.embed(picture, Optional.empty());
            Parity.relative("arcface in onnx", Tensor.of(found, 1, found.length), fixture.get("out.embedding"), 1e-4);
            assertThat(Embeddings.cosine(found, found)).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void vggFaceFromHdf5() {
        Path file = Fixtures.file("vggface", "vgg_face_weights.h5");
        try (var _ = Scope.open();
                var network = VggFaceNetwork.load(file, SMALL, Placement.REFERENCE)) {
            Tensor pixels = Generator.seeded(5600).uniform(2, 3, 224, 224);
            Tensor expected = Fixtures.load("vggface").get("out.logits");
            Parity.relative("vgg-face logits", network.forward(pixels), expected, 1e-4);
        }
        assertThatThrownBy(() -> VggFaceNetwork.load(file, VggFaceConfig.PUBLISHED, Placement.REFERENCE))
                .hasMessageContaining("for 0.weight, expected [64, 3, 3, 3], found [4, 3, 3, 3]");
    }

    @Test
    void vggFaceSeesBlueFirst() {
        Path file = Fixtures.file("vggface", "vgg_face_weights.h5");
        try (var _ = Scope.open();
                var network = VggFaceNetwork.load(file, SMALL, Placement.REFERENCE)) {
            byte[] rgb = new byte[224 * 224 * 3];
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = (byte) (i % 3 == 0 ? 250 : i % 251);
            }
            Picture picture = Picture.of(224, 224, rgb);
            Tensor blueFirst = PictureTensors.unit(List.of(picture)).flip(1);
            float[] expected = network.forward(blueFirst).toFloats();
            assertThat(new VggFace(network).embed(picture, Optional.empty())).containsExactly(expected);
        }
    }

    @Test
    void aFileThatIsNoHdf5IsRefused(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("vgg.h5"), "not weights");
        assertThatThrownBy(() -> VggFaceNetwork.load(text, SMALL, Placement.REFERENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vgg.h5: not an HDF5 file");
        assertThatThrownBy(() -> VggFaceNetwork.load(folder.resolve("none.h5"), SMALL, Placement.REFERENCE))
                .hasMessageContaining("no such file");
    }

    @Test
    void theFacesBoxIsLevelledAndFramedInBlack() {
        // A grey picture; the eyes slope down to the right by 45 degrees.
        byte[] rgb = new byte[100 * 60 * 3];
        java.util.Arrays.fill(rgb, (byte) 200);
        Picture picture = Picture.of(100, 60, rgb);
        Point left = new Point(30, 20);
        Point right = new Point(50, 40);
        var face = new Face(10, 5, 70, 65, 1, List.of(left, right, left, left, right));
        Picture levelled = VggFace.levelled(picture, face);
        assertThat(levelled.width() + "x" + levelled.height()).isEqualTo("60x55");
        assertThat(levelled.sample(0, 0, 0)).as("a corner from outside").isZero();
        assertThat(levelled.sample(30, 27, 0)).isEqualTo(200);
        Picture framed = VggFace.letterboxed(picture, 224);
        assertThat(framed.width() + "x" + framed.height()).isEqualTo("224x224");
        assertThat(framed.sample(112, 44, 1)).isZero();
        assertThat(framed.sample(112, 45, 1)).isEqualTo(200);
        assertThat(framed.sample(112, 178, 1)).isEqualTo(200);
        assertThat(framed.sample(112, 179, 1)).isZero();
    }

    @Test
    void vectorsThatHaveNoDirectionAreRefused() {
        assertThat(Embeddings.cosine(new float[] {3, 0}, new float[] {-2, 0})).isEqualTo(-1);
        assertThatThrownBy(() -> Embeddings.cosine(new float[] {0, 0}, new float[] {1, 0}))
                .hasMessageContaining("zero or not finite");
        assertThatThrownBy(() -> Embeddings.unit(new float[] {Float.NaN})).hasMessageContaining("zero or not finite");
        assertThatThrownBy(() -> Embeddings.cosine(new float[1], new float[2]))
                .hasMessageContaining("embeddings of 1 and 2 values");
    }

    private static Picture picture(Tensor levels) {
        long[] values = levels.toLongs();
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) values[i];
        }
        return Picture.of((int) levels.size(1), (int) levels.size(0), rgb);
    }
}
