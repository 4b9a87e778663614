package dev.cloakproof.evaluator.evaluate;

import java.util.OptionalDouble;

/**
 * How a picture's likeness to reference pictures becomes one number, where the paper, its code and its readers differ.
 *
 * @param noFace what a picture without a face gets
 * @param choice which face counts where there are several
 * @param farthest references whose cosine distance is above this do not count; empty for no limit
 * @param penalty what there is where no face or no reference counts
 * @param reduction how several references become one number
 */
public record IdentityRule(
        NoFace noFace, FaceChoice choice, OptionalDouble farthest, double penalty, Reduction reduction) {
    /** What a picture without a face gets. */
    public enum NoFace {
        /** The penalty. */
        PENALTY,
        /** The score of the whole picture. */
        WHOLE_PICTURE,
        /** No score: it is left out of means, and counted. */
        LEFT_OUT
    }

    /** Which face of several counts. */
    public enum FaceChoice {
        MOST_CERTAIN,
        LARGEST
    }

    /** How several references become one number. */
    public enum Reduction {
        MEAN_OF_COSINES,
        COSINE_TO_MEAN
    }

    /**
     * IMS_IP. The released code lacks it; the paper's means down to -0.70 need a penalty near -1 for most pictures
     * without a face, since cosines of faces lie between -0.2 and 0.8.
     */
    public static final IdentityRule ARCFACE = new IdentityRule(
            NoFace.PENALTY, FaceChoice.MOST_CERTAIN, OptionalDouble.empty(), -1, Reduction.MEAN_OF_COSINES);

    /**
     * IMS_VGG as deepface 0.0.79 and MetaCloak's script make it: only references within 0.40 count, so that a picture
     * has -1 or 0.6 to 1; a picture without a face is taken whole.
     */
    public static final IdentityRule VGG_FACE = new IdentityRule(
            NoFace.WHOLE_PICTURE, FaceChoice.MOST_CERTAIN, OptionalDouble.of(0.40), -1, Reduction.MEAN_OF_COSINES);

    /** The same with another limit. */
    public IdentityRule within(double distance) {
        return new IdentityRule(noFace, choice, OptionalDouble.of(distance), penalty, reduction);
    }

    /** Plain mean cosines over pictures that have a face. */
    public static final IdentityRule PLAIN = new IdentityRule(
            NoFace.LEFT_OUT, FaceChoice.LARGEST, OptionalDouble.empty(), -1, Reduction.MEAN_OF_COSINES);
}
