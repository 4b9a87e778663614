package dev.cloakproof.vision.identity;

import java.util.List;

/**
 * The shape of an ArcFace network.
 *
 * @param width channels of the first stage; each of the others doubles them
 * @param blocks of the four stages
 * @param embedding length of a face's vector
 * @param side of the aligned face in pixels, a multiple of 16
 */
public record IResNetConfig(int width, List<Integer> blocks, int embedding, int side) {
    /** {@code glint360k_cosface_r18} and the like. */
    public static final IResNetConfig R18 = published(2, 2, 2, 2);

    public static final IResNetConfig R50 = published(3, 4, 14, 3);
    public static final IResNetConfig R100 = published(3, 13, 30, 3);

    public IResNetConfig {
        blocks = List.copyOf(blocks);
        if (blocks.size() != 4 || side % 16 != 0) {
            throw new IllegalArgumentException(
                    "an IResNet has four stages and a side that is a multiple of 16, found " + blocks + " and " + side);
        }
    }

    private static IResNetConfig published(Integer... blocks) {
        return new IResNetConfig(64, List.of(blocks), 512, 112);
    }

    /** Side of the last map. */
    int lastSide() {
        return side / 16;
    }
}
