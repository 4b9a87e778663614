package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.vision.block.BatchNorm;
import dev.cloakproof.vision.block.NetworkFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The face detection network of CodeFormer (Deng et al. 2020): three maps, two anchors a cell. */
public final class RetinaFace extends Network {
    static final int ANCHORS = 2;

    private final RetinaFaceConfig config;
    private final ResNet body;
    private final FeaturePyramid pyramid;
    private final List<ContextModule> contexts = new ArrayList<>();
    private final List<Conv2d> classHeads = new ArrayList<>();
    private final List<Conv2d> boxHeads = new ArrayList<>();
    private final List<Conv2d> landmarkHeads = new ArrayList<>();

    /**
     * What the network says of every anchor, anchors in the order of {@link PriorBox}.
     *
     * @param boxes offsets (batch, anchors, 4)
     * @param scores of background and face (batch, anchors, 2), each pair adding up to 1
     * @param landmarks offsets (batch, anchors, 10)
     */
    public record Output(Tensor boxes, Tensor scores, Tensor landmarks) {
        /** What is said of one picture, as a batch of one. */
        Output row(long index) {
            return new Output(boxes.narrow(0, index, 1), scores.narrow(0, index, 1), landmarks.narrow(0, index, 1));
        }
    }

    public RetinaFace(RetinaFaceConfig config, Parameters root) {
        super(root);
        this.config = config;
        int width = config.pyramid();
        body = new ResNet(root.at("body"), config);
        pyramid = new FeaturePyramid(root.at("fpn"), config);
        for (int i = 0; i < 3; i++) {
            contexts.add(new ContextModule(root.at("ssh" + (i + 1)), width));
            classHeads.add(head(root.at("ClassHead").at(i), width, 2));
            boxHeads.add(head(root.at("BboxHead").at(i), width, 4));
            landmarkHeads.add(head(root.at("LandmarkHead").at(i), width, 10));
        }
    }

    private static Conv2d head(Parameters p, int width, int values) {
        return new Conv2d(p.at("conv1x1"), width, (long) ANCHORS * values, 1);
    }

    /** Loads {@code detection_Resnet50_Final.pth}. */
    public static RetinaFace load(Path file, RetinaFaceConfig config, Placement placement) {
        return Pretrained.load(file, BatchNorm::parameter, placement, p -> new RetinaFace(config, p));
    }

    /** Loads a folder of {@code config.json} and {@code model.safetensors}, or {@code detection_Resnet50_Final.pth}. */
    public static RetinaFace load(Path path, Placement placement) {
        return Files.isDirectory(path)
                ? NetworkFolder.load(path, RetinaFaceConfig.class, placement, RetinaFace::new)
                : load(path, RetinaFaceConfig.RESNET50, placement);
    }

    public RetinaFaceConfig config() {
        return config;
    }

    /** @param picture (batch, 3, height, width), blue, green, red, less the training mean; see {@link RetinaDetector} */
    public Output forward(Tensor picture) {
        try (var scope = Scope.open()) {
            List<Tensor> maps = pyramid.forward(body.forward(picture));
            List<Tensor> boxes = new ArrayList<>();
            List<Tensor> scores = new ArrayList<>();
            List<Tensor> landmarks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Tensor map = contexts.get(i).forward(maps.get(i));
                boxes.add(rows(boxHeads.get(i).forward(map), 4));
                scores.add(rows(classHeads.get(i).forward(map), 2));
                landmarks.add(rows(landmarkHeads.get(i).forward(map), 10));
            }
            return new Output(
                    scope.keep(Tensor.cat(boxes, 1)),
                    scope.keep(Functions.softmax(Tensor.cat(scores, 1), 2)),
                    scope.keep(Tensor.cat(landmarks, 1)));
        }
    }

    /** (batch, anchors a cell * values, height, width) -> (batch, height * width * anchors a cell, values). */
    private static Tensor rows(Tensor map, int values) {
        return map.permute(0, 2, 3, 1).reshape(map.size(0), map.size(2) * map.size(3) * ANCHORS, values);
    }
}
