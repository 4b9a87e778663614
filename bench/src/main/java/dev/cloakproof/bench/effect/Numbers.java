package dev.cloakproof.bench.effect;

/**
 * How everything is done; written beside the results.
 *
 * @param side of pictures in pixels
 * @param trainingSteps of DreamBooth
 * @param batchSize pairs of pictures a step
 * @param classPictures for prior preservation
 * @param protectionRounds of ASPL
 * @param surrogateRate learning rate of ASPL's surrogate
 * @param samples pictures a prompt
 * @param sampleSteps denoising steps
 * @param method the purification, in the paper's preset
 */
record Numbers(
        int side,
        int trainingSteps,
        double learningRate,
        int batchSize,
        int classPictures,
        int protectionRounds,
        double surrogateRate,
        int samples,
        int sampleSteps,
        double guidance,
        String method,
        long seed) {}
