package dev.cloakproof.vision.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.parity.Parity;
import dev.cloakproof.vision.Fixtures;
import dev.cloakproof.vision.Numbered;
import dev.cloakproof.vision.SeededWeights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CodeFormer and ParseNet against float64 runs of the published architectures. */
@Tag(Parity.TAG)
class RestorationParityTest {
    private static final double FORWARD = 1e-4;

    static final CodeFormerConfig SMALL =
            new CodeFormerConfig(64, 32, List.of(1, 1, 1), 32, 2, 16, 96, 256, 64, 2, 4, List.of(32, 64));

    @Test
    void codeFormerAtEveryFidelity() {
        try (var _ = Scope.open();
                var network = new CodeFormer(SMALL, SeededWeights.of(4100))) {
            Map<String, Tensor> fixture = Fixtures.load("codeformer");
            Tensor face = fixture.get("in.face");
            CodeFormer.Restored restored = network.restore(face, 0.5, true);
            Parity.relative("codeformer logits", restored.logits().narrow(0, 0, 1), fixture.get("out.logits"), FORWARD);
            Parity.relative("codeformer w 0.5 adain", restored.face(), fixture.get("out.w0.5.adain"), FORWARD);
            compare(network, face, 1.0, false, fixture.get("out.w1.0.plain"));
            compare(network, face, 0.0, true, fixture.get("out.w0.0.adain"));
            compare(network, face, 0.7, false, fixture.get("out.w0.7.plain"));
        }
    }

    private static void compare(CodeFormer network, Tensor face, double fidelity, boolean adapt, Tensor expected) {
        String name = "codeformer w " + fidelity + (adapt ? " adain" : "");
        Parity.relative(name, network.restore(face, fidelity, adapt).face(), expected, FORWARD);
    }

    @Test
    void codeFormerOfPublishedSize() {
        publishedSize("codeformer of published size", DType.F32, FORWARD);
    }

    @Test
    @Tag("slow")
    void codeFormerOfPublishedSizeInDouble() {
        publishedSize("codeformer of published size in float64", DType.F64, 1e-6);
    }

    private static void publishedSize(String name, DType dtype, double tolerance) {
        try (var _ = Scope.open();
                var network = new CodeFormer(CodeFormerConfig.PUBLISHED, SeededWeights.of(4200, dtype))) {
            Map<String, Tensor> fixture = Fixtures.load("codeformer-full");
            Tensor face = Generator.seeded(4201).normal(1, 3, 512, 512).clamp(-1, 1);
            CodeFormer.Restored restored = network.restore(face.to(dtype), 0.5, true);
            Parity.exact(
                    name + ", codes",
                    restored.logits().argmax(2).toLongs(),
                    fixture.get("out.codes").toLongs());
            Tensor everyEighth = Tensor.of(eighths(512), 64);
            Tensor found = restored.face().indexSelect(2, everyEighth).indexSelect(3, everyEighth);
            Parity.relative(name, found, fixture.get("out.face"), tolerance);
        }
    }

    private static long[] eighths(int side) {
        long[] index = new long[side / 8];
        for (int i = 0; i < index.length; i++) {
            index[i] = 8L * i;
        }
        return index;
    }

    @Test
    void codeFormerFromItsFile(@TempDir Path folder) {
        Path file =
                Numbered.write(folder.resolve("codeformer.pth"), p -> new CodeFormer(SMALL, p), "params_ema.", null);
        try (var _ = Scope.open();
                var network = CodeFormer.load(file, SMALL, Placement.REFERENCE)) {
            Numbered.check(network);
        }
    }

    @Test
    void parseNetFromItsFile(@TempDir Path folder) {
        var config = new ParseNetConfig(64, 16, 8, 8, 16, 2, 19);
        Path file = Numbered.write(
                folder.resolve("parsenet.pth"),
                p -> new ParseNet(config, p),
                "",
                "body.0.conv1.norm.norm.num_batches_tracked");
        try (var _ = Scope.open();
                var network = ParseNet.load(file, config, Placement.REFERENCE)) {
            Numbered.check(network);
        }
    }

    @Test
    void gradientsReachTheFace() {
        try (var _ = Scope.open();
                var network = new CodeFormer(SMALL, SeededWeights.of(4100))) {
            Tensor face = Autograd.variable(Fixtures.load("codeformer").get("in.face"));
            Tensor loss = network.restore(face, 0.5, true).face().square().mean();
            Tensor gradient = Autograd.grad(loss, List.of(face)).getFirst();
            assertThat(gradient.norm().item()).isGreaterThan(0).isFinite();
        }
    }

    @Test
    void aWrongSizeOrFidelityIsRefused() {
        try (var _ = Scope.open();
                var network = new CodeFormer(SMALL, SeededWeights.of(4100))) {
            assertThatThrownBy(() -> network.restore(Tensor.zeros(1, 3, 32, 64), 0.5, true))
                    .hasMessageContaining("(batch, 3, 64, 64), found [1, 3, 32, 64]");
            assertThatThrownBy(() -> network.restore(Tensor.zeros(1, 3, 64, 64), 1.5, true))
                    .hasMessageContaining("fidelity is 0 to 1, found 1.5");
        }
    }

    @Test
    void parseNet() {
        try (var _ = Scope.open();
                var network = new ParseNet(ParseNetConfig.PUBLISHED, SeededWeights.of(4400))) {
            Map<String, Tensor> fixture = Fixtures.load("parsenet");
            Tensor face = fixture.get("in.face");
            Parity.relative("parsenet classes", halved(network.classes(face)), fixture.get("out.mask"), FORWARD);
            Parity.relative("parsenet picture", halved(network.image(face)), fixture.get("out.image"), FORWARD);
        }
    }

    private static Tensor halved(Tensor map) {
        Tensor rows = Tensor.range(map.size(2) / 2).mul(2).to(DType.I64);
        Tensor columns = Tensor.range(map.size(3) / 2).mul(2).to(DType.I64);
        return map.indexSelect(2, rows).indexSelect(3, columns);
    }
}
