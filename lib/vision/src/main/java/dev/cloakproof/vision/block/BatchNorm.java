package dev.cloakproof.vision.block;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.List;
import java.util.Optional;

/**
 * Batch normalisation: with the batch's own statistics while {@link Parameters#training}, which then move the kept ones,
 * and else with the mean and variance kept from training.
 */
public final class BatchNorm {
    private static final double EPS = 1e-5;
    private static final double MOMENTUM = 0.1;
    private static final String MEAN = "running_mean";
    private static final String VARIANCE = "running_var";
    /** A count that PyTorch saves with every such layer and that inference never reads. */
    private static final String COUNT = "num_batches_tracked";

    private final Parameters parameters;
    private final Tensor weight; // (channels)
    private final Tensor bias; // (channels)
    private final Tensor mean; // (channels)
    private final Tensor variance; // (channels)

    public BatchNorm(Parameters p, long channels) {
        parameters = p;
        weight = p.get("weight", Init.ONES, channels);
        bias = p.get("bias", Init.ZEROS, channels);
        mean = p.get(MEAN, Init.ZEROS, channels);
        variance = p.get(VARIANCE, Init.ONES, channels);
    }

    public Tensor forward(Tensor x) {
        if (parameters.training()) {
            return Functions.batchNormTraining(x, weight, bias, mean, variance, MOMENTUM, EPS);
        }
        return Functions.batchNorm(x, weight, bias, mean, variance, EPS);
    }

    /**
     * The convolution that does what one with {@code kernel} (channels, in, h, w) and no bias does, followed by this with
     * the kept mean and variance.
     *
     * @return its kernel and its bias (channels)
     */
    public List<Tensor> folded(Tensor kernel) {
        Tensor factor = weight.div(variance.add(EPS).sqrt());
        return List.of(kernel.mul(factor.reshape(factor.size(0), 1, 1, 1)), bias.sub(mean.mul(factor)));
    }

    /** Whether a parameter is a running statistic, which no gradient reaches. */
    public static boolean isStatistic(String name) {
        return name.endsWith("." + MEAN) || name.endsWith("." + VARIANCE);
    }

    /** The checkpoint's name without the wrapper of multi-GPU training, empty for the count of batches. */
    public static Optional<String> parameter(String key) {
        return key.endsWith(COUNT) ? Optional.empty() : Optional.of(key.startsWith("module.") ? key.substring(7) : key);
    }
}
