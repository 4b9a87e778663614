package dev.cloakproof.trainer.train;

/**
 * Low-rank adaptation of the attention layers (Hu et al. 2022): W + alpha / rank * up * down.
 *
 * @param rank columns of up, rows of down
 */
public record LoraSpec(int rank, double alpha) {
    public LoraSpec {
        TrainingSpec.require(rank >= 1 && rank <= 1024, "LoRA rank", "1 to 1024", rank);
        TrainingSpec.require(alpha > 0 && alpha <= 1e6, "LoRA alpha", "above 0", alpha);
    }

    public double scale() {
        return alpha / rank;
    }
}
