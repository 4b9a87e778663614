package dev.cloakproof.vision.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.vision.Fixtures;
import dev.cloakproof.vision.SeededWeights;
import dev.cloakproof.vision.image.OpenCvResize;
import dev.cloakproof.vision.onnx.OnnxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a network's output to faces: RetinaFace against facexlib, SCRFD against numpy (identity.py). */
@Tag(Parity.TAG)
class DetectionTest {
    @Test
    void retinaFacesAnchors() {
        try (var _ = Scope.open()) {
            Map<String, Tensor> fixture = Fixtures.load("retina-decoding");
            var output = new RetinaFace.Output(
                    fixture.get("in.boxes"), fixture.get("in.scores"), fixture.get("in.landmarks"));
            List<Face> faces = RetinaDetector.faces(output, 101, 75);
            Parity.relative("retinaface decoding", rows(faces), fixture.get("out.faces"), 1e-5);
        }
    }

    @Test
    void scrfdsAnchors() {
        try (var _ = Scope.open();
                var detector = Scrfd.load(Fixtures.file("scrfd", "scrfd.onnx"))) {
            Map<String, Tensor> fixture = Fixtures.load("scrfd");
            Picture blocks = picture(fixture.get("in.blocks"));
            List<Face> faces = detector.detect(Resize.to(blocks, 640, 640, Resampling.NEAREST));
            Parity.relative("scrfd faces", rows(faces), fixture.get("out.faces"), 1e-5);
        }
    }

    @Test
    void facesAreGivenInThePicturesOwnPixels() {
        try (var _ = Scope.open();
                var detector = Scrfd.load(Fixtures.file("scrfd", "scrfd.onnx"))) {
            Picture blocks = picture(Fixtures.load("scrfd").get("in.blocks"));
            List<Face> small = detector.detect(Resize.to(blocks, 640, 640, Resampling.NEAREST));
            List<Face> large = detector.detect(Resize.to(blocks, 1280, 1280, Resampling.NEAREST));
            assertThat(large).isNotEmpty();
            assertThat(large.getFirst().left()).isCloseTo(2 * small.getFirst().left(), within(30.0));
        }
    }

    @Test
    void retinaFaceSearchesAtSixHundredAndFortyPixels() {
        var config = new RetinaFaceConfig(8, List.of(1, 1, 1, 1), 16, 640);
        try (var _ = Scope.open();
                var network = new RetinaFace(config, SeededWeights.of(1))) {
            byte[] noise = new byte[320 * 320 * 3];
            new java.util.Random(1).nextBytes(noise);
            Picture picture = Picture.of(320, 320, noise);
            var detector = new RetinaDetector(network);
            List<Face> large = detector.detectAsIs(OpenCvResize.linear(picture, 640, 640));
            assertThat(large).isNotEmpty();
            assertThat(detector.detect(picture))
                    .isEqualTo(large.stream().map(face -> face.scaled(0.5)).toList());
        }
    }

    @Test
    void strangeSizesAreSearchedToo() {
        try (var _ = Scope.open();
                var scrfd = Scrfd.load(Fixtures.file("scrfd", "scrfd.onnx"));
                var network =
                        new RetinaFace(new RetinaFaceConfig(8, List.of(1, 1, 1, 1), 16, 640), SeededWeights.of(1))) {
            for (Picture picture : List.of(grey(1, 1), grey(16000, 2), grey(3, 900))) {
                assertThat(scrfd.detect(picture)).isNotNull();
                assertThat(new RetinaDetector(network).detect(picture)).isNotNull();
            }
        }
    }

    @Test
    void aFileThatIsNoNetworkIsRefused(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("scrfd.onnx"), "not a network");
        assertThatThrownBy(() -> Scrfd.load(text))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("scrfd.onnx: not a network");
        assertThatThrownBy(() -> Scrfd.load(folder.resolve("none.onnx"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> Scrfd.load(Fixtures.file("arcface", "arcface.onnx")))
                .hasMessageContaining("expected one input and 9 outputs, found 1 inputs and 1 outputs");
    }

    private static Picture grey(int width, int height) {
        return Picture.of(width, height, new byte[3 * width * height]);
    }

    private static Picture picture(Tensor levels) {
        long[] values = levels.toLongs();
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) values[i];
        }
        return Picture.of((int) levels.size(1), (int) levels.size(0), rgb);
    }

    /** Box, score and landmarks, one face a row. */
    private static Tensor rows(List<Face> faces) {
        List<Float> values = new ArrayList<>();
        for (Face face : faces) {
            values.addAll(List.of(
                    (float) face.left(), (float) face.top(), (float) face.right(), (float) face.bottom(), (float)
                            face.score()));
            for (Point point : face.landmarks()) {
                values.addAll(List.of((float) point.x(), (float) point.y()));
            }
        }
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return Tensor.of(flat, faces.size(), 15).to(DType.F32);
    }
}
