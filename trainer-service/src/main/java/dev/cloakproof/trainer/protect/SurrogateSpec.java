package dev.cloakproof.trainer.protect;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.trainer.train.CdlPrompts;

/**
 * How a surrogate is trained and attacked.
 *
 * @param caption of the subject's pictures
 * @param priorCaption of pictures of the class
 * @param clipNorm infinite for none: in the released code clipping does nothing, as its parameters' iterator is used up
 * @param compute F32, or BF16 with float32 parameters
 * @param recompute whether activations are computed twice instead of kept
 */
public record SurrogateSpec(
        String caption, String priorCaption, double learningRate, double clipNorm, DType compute, boolean recompute) {
    /** Anti-DreamBooth's: 5e-7, no clipping in effect, captions without a noise token. */
    public static SurrogateSpec of(String identifier, String classNoun) {
        CdlPrompts prompts = CdlPrompts.off(identifier, classNoun);
        return new SurrogateSpec(
                prompts.plainInstance(), prompts.plainClass(), 5e-7, Double.POSITIVE_INFINITY, DType.F32, false);
    }

    public SurrogateSpec with(double rate, double clip) {
        return new SurrogateSpec(caption, priorCaption, rate, clip, compute, recompute);
    }

    public SurrogateSpec with(DType type, boolean recomputed) {
        return new SurrogateSpec(caption, priorCaption, learningRate, clipNorm, type, recomputed);
    }
}
