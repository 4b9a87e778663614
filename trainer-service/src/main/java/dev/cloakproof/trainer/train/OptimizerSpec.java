package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.optim.AdamW;
import dev.cloakproof.tensor.optim.AdamW8bit;
import dev.cloakproof.tensor.optim.AdamWSettings;
import dev.cloakproof.tensor.optim.Optimizer;
import java.util.Map;

/**
 * Which optimizer, and how far one step may go.
 *
 * @param block elements that share a scale of 8-bit moments; 0 for float32 moments
 * @param clipNorm the largest norm of all gradients together
 */
public record OptimizerSpec(AdamWSettings adam, int block, double clipNorm) {
    public static final OptimizerSpec ADAMW = new OptimizerSpec(AdamWSettings.DEFAULT, 0, 1);
    /** The paper's: "8-bit Adam". */
    public static final OptimizerSpec ADAMW_8BIT = new OptimizerSpec(AdamWSettings.DEFAULT, 256, 1);

    public OptimizerSpec {
        TrainingSpec.require(block == 0 || block == 256 || block == 2048, "block", "0, 256 or 2048", block);
        TrainingSpec.require(clipNorm > 0, "clipNorm", "above 0", clipNorm);
    }

    Optimizer over(Map<String, Tensor> parameters) {
        return block == 0 ? new AdamW(parameters, adam) : new AdamW8bit(parameters, adam, block);
    }

    /** Bytes of state for each parameter, of large layers. */
    double stateBytes() {
        return block == 0 ? 2.0 * Float.BYTES : 2 + 2.0 * Float.BYTES / block;
    }
}
