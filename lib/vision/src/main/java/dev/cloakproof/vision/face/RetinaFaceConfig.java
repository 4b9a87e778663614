package dev.cloakproof.vision.face;

import java.util.List;

/**
 * The shape of a RetinaFace on a ResNet of bottleneck blocks.
 *
 * @param width channels after the first convolution
 * @param blocks bottleneck blocks of the four stages
 * @param pyramid channels of the feature pyramid
 * @param side what the shorter side of a picture is brought to before detection, in pixels
 */
public record RetinaFaceConfig(int width, List<Integer> blocks, int pyramid, int side) {
    /** {@code detection_Resnet50_Final.pth}. */
    public static final RetinaFaceConfig RESNET50 = new RetinaFaceConfig(64, List.of(3, 4, 6, 3), 256, 640);

    public RetinaFaceConfig {
        blocks = List.copyOf(blocks);
        if (blocks.size() != 4) {
            throw new IllegalArgumentException("a ResNet has four stages, found " + blocks);
        }
    }

    /** Channels out of a stage, 1 to 4. */
    int stage(int stage) {
        return 4 * width << (stage - 1);
    }
}
