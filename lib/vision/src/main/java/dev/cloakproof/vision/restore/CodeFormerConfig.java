package dev.cloakproof.vision.restore;

import java.util.List;

/**
 * The shape of a CodeFormer.
 *
 * @param size side of the face picture in pixels
 * @param width channels at full size
 * @param multipliers channels of each level as multiples of {@code width}; each level halves the side
 * @param groups of every normalisation
 * @param blocks residual blocks a level
 * @param attentionSide side of the feature map that has attention after its residual blocks
 * @param codes entries of the codebook
 * @param codeWidth width of one entry
 * @param hidden width of a token in the transformer
 * @param fusedSides sides at which the encoder's features can flow into the generator, each above the smallest
 */
public record CodeFormerConfig(
        int size,
        int width,
        List<Integer> multipliers,
        int groups,
        int blocks,
        int attentionSide,
        int codes,
        int codeWidth,
        int hidden,
        int layers,
        int heads,
        List<Integer> fusedSides) {

    /** {@code codeformer.pth}. */
    public static final CodeFormerConfig PUBLISHED = new CodeFormerConfig(
            512, 64, List.of(1, 2, 2, 4, 4, 8), 32, 2, 16, 1024, 256, 512, 9, 8, List.of(32, 64, 128, 256));

    public CodeFormerConfig {
        multipliers = List.copyOf(multipliers);
        fusedSides = List.copyOf(fusedSides);
    }

    int channels(int level) {
        return width * multipliers.get(level);
    }

    int levels() {
        return multipliers.size();
    }

    /** Side of the code map. */
    int codeSide() {
        return size >> (levels() - 1);
    }
}
