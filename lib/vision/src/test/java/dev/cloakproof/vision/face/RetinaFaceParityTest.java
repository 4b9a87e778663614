package dev.cloakproof.vision.face;

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

/** RetinaFace of published size on an odd-sized picture against a float64 run of facexlib. */
@Tag(Parity.TAG)
class RetinaFaceParityTest {
    @Test
    void everyAnchor() {
        try (var _ = Scope.open();
                var network = new RetinaFace(RetinaFaceConfig.RESNET50, SeededWeights.of(4300))) {
            Map<String, Tensor> fixture = Fixtures.load("retinaface");
            RetinaFace.Output output = network.forward(fixture.get("in.picture"));
            Parity.relative("retinaface boxes", output.boxes(), fixture.get("out.boxes"), 1e-4);
            Parity.relative("retinaface scores", output.scores(), fixture.get("out.scores"), 1e-4);
            Parity.relative("retinaface landmarks", output.landmarks(), fixture.get("out.landmarks"), 1e-4);
        }
    }

    @Test
    void theFileOfAMultiGpuTraining(@TempDir Path folder) {
        var config = new RetinaFaceConfig(8, List.of(1, 2, 1, 1), 16, 640);
        Path file = Numbered.write(
                folder.resolve("retinaface.pth"),
                p -> new RetinaFace(config, p),
                "module.",
                "body.bn1.num_batches_tracked");
        try (var _ = Scope.open();
                var network = RetinaFace.load(file, config, Placement.REFERENCE)) {
            Numbered.check(network);
        }
    }
}
