package dev.cloakproof.vision.block;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.Optional;

/** Batch normalisation as inference has it: with the mean and variance kept from training. */
public final class BatchNorm {
    private static final double EPS = 1e-5;
    /** A count that PyTorch saves with every such layer and that inference never reads. */
    private static final String COUNT = "num_batches_tracked";

    private final Tensor weight; // (channels)
    private final Tensor bias; // (channels)
    private final Tensor mean; // (channels)
    private final Tensor variance; // (channels)

    public BatchNorm(Parameters p, long channels) {
        weight = p.get("weight", Init.ONES, channels);
        bias = p.get("bias", Init.ZEROS, channels);
        mean = p.get("running_mean", Init.ZEROS, channels);
        variance = p.get("running_var", Init.ONES, channels);
    }

    public Tensor forward(Tensor x) {
        return Functions.batchNorm(x, weight, bias, mean, variance, EPS);
    }

    /** The checkpoint's name without the wrapper of multi-GPU training, empty for the count of batches. */
    public static Optional<String> parameter(String key) {
        return key.endsWith(COUNT) ? Optional.empty() : Optional.of(key.startsWith("module.") ? key.substring(7) : key);
    }
}
