package dev.cloakproof.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import dev.cloakproof.vision.identity.ArcFace;
import dev.cloakproof.vision.identity.FaceEmbedder;
import dev.cloakproof.vision.identity.FaceEmbedder.Crop;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.IResNetConfig;
import dev.cloakproof.vision.identity.VggFace;
import dev.cloakproof.vision.identity.VggFaceConfig;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.quality.ClipIqac;
import dev.cloakproof.vision.quality.Liqe;
import dev.cloakproof.vision.quality.PromptEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a network says of a picture among others is what it says of it alone, but for the order in which kernels add. */
class TogetherTest {
    private static final double ROUNDING = 1e-5;

    private final List<Picture> pictures =
            List.of(picture(1, 96, 80), picture(2, 70, 90), picture(3, 96, 80), picture(4, 96, 80), picture(5, 70, 90));

    @Test
    void faces() {
        var config = new RetinaFaceConfig(4, List.of(1, 1, 1, 1), 16, 64);
        try (var _ = Scope.open();
                var network = new RetinaFace(config, drawn())) {
            FaceDetector detector = new RetinaDetector(network);
            List<List<Face>> together = detector.detect(pictures);
            assertThat(together.stream().mapToInt(List::size).sum()).isPositive();
            for (int i = 0; i < pictures.size(); i++) {
                List<Face> alone = detector.detect(pictures.get(i));
                assertThat(together.get(i)).hasSameSizeAs(alone);
                for (int k = 0; k < alone.size(); k++) {
                    Face found = together.get(i).get(k);
                    assertThat(found.score()).isCloseTo(alone.get(k).score(), within(ROUNDING));
                    assertThat(found.left()).isCloseTo(alone.get(k).left(), within(1e-2));
                    assertThat(found.bottom()).isCloseTo(alone.get(k).bottom(), within(1e-2));
                }
            }
        }
    }

    @Test
    void embeddings() {
        var faces = new IResNetConfig(4, List.of(1, 1, 1, 1), 8, 32);
        var vgg = new VggFaceConfig(List.of(16, 16, 16, 16, 16), 32, 6, 32, 0.25);
        try (var _ = Scope.open();
                var arcFace = ArcFace.of(new IResNet(faces, drawn()));
                var vggFace = new VggFaceNetwork(vgg, lively());
                var published = ArcFace.load(Fixtures.file("arcface", "arcface.onnx"))) {
            for (FaceEmbedder embedder : List.of(arcFace, new VggFace(vggFace), published)) {
                List<Crop> crops = new ArrayList<>();
                // More than one batch, faces and whole pictures.
                for (int i = 0; i < 18; i++) {
                    crops.add(new Crop(
                            pictures.get(i % pictures.size()), i % 3 == 0 ? Optional.empty() : Optional.of(face(i))));
                }
                List<float[]> together = embedder.embed(crops);
                assertThat(together).hasSize(18);
                for (int i = 0; i < crops.size(); i++) {
                    float[] alone =
                            embedder.embed(crops.get(i).picture(), crops.get(i).face());
                    assertThat(together.get(i)).containsExactly(alone, within((float) ROUNDING));
                }
                assertThat(together.get(0)).isNotEqualTo(together.get(1));
            }
        }
    }

    @Test
    void quality() {
        try (var _ = Scope.open();
                var clip = Clip.load(Fixtures.file("clip-openai", "ViT.pt"), Placement.REFERENCE);
                var liqe = new Liqe(clip, SENTENCES);
                var iqac = new ClipIqac(clip, SENTENCES, "person")) {
            List<Picture> large = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                large.add(picture(i, 150 + i, 160));
            }
            List<Double> liqes = liqe.score(large);
            List<Double> iqacs = iqac.score(large);
            for (int i = 0; i < large.size(); i++) {
                assertThat(liqes.get(i)).isCloseTo(liqe.score(large.get(i)), within(ROUNDING));
                assertThat(iqacs.get(i)).isCloseTo(iqac.score(large.get(i)), within(ROUNDING));
            }
            assertThat(liqes.get(0)).isNotEqualTo(liqes.get(1));
        }
    }

    @Test
    void distances() {
        try (var _ = Scope.open();
                var lpips = Lpips.of(LpipsNet.ALEX, drawn(), drawn())) {
            Tensor a = Generator.seeded(1).normal(3, 3, 64, 64).clamp(-1, 1);
            Tensor b = Generator.seeded(2).normal(3, 3, 64, 64).clamp(-1, 1);
            float[] together = lpips.distance(a, b).toFloats();
            for (int i = 0; i < 3; i++) {
                double alone =
                        lpips.distance(a.narrow(0, i, 1), b.narrow(0, i, 1)).item();
                assertThat((double) together[i]).isCloseTo(alone, within(ROUNDING * alone));
            }
        }
    }

    /** Other tokens for other sentences. */
    private static final PromptEncoder SENTENCES = sentences -> {
        long[] ids = new long[sentences.size() * 77];
        for (int i = 0; i < sentences.size(); i++) {
            ids[i * 77] = 298;
            ids[i * 77 + 1] = 1 + Math.floorMod(sentences.get(i).hashCode(), 290);
            ids[i * 77 + 2] = 299;
        }
        return Tensor.of(ids, sentences.size(), 77);
    };

    private static Parameters drawn() {
        return SeededWeights.of(6300);
    }

    /** Sixteen layers deep, others of random weights say the same of every picture. */
    private static Parameters lively() {
        return Parameters.from((name, _, shape) -> {
            if (shape.length < 2) {
                return Tensor.zeros(shape);
            }
            long fanIn = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
            return Generator.seeded(name.hashCode()).normal(shape).mul(Math.sqrt(2.0 / fanIn));
        });
    }

    private static Face face(int moved) {
        int x = 10 + moved;
        return new Face(
                x,
                8,
                x + 40,
                60,
                0.9,
                List.of(
                        new Point(x + 10, 25),
                        new Point(x + 30, 24),
                        new Point(x + 20, 36),
                        new Point(x + 12, 48),
                        new Point(x + 28, 47)));
    }

    private static Picture picture(long seed, int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        new Random(seed).nextBytes(rgb);
        return Picture.of(width, height, rgb);
    }
}
