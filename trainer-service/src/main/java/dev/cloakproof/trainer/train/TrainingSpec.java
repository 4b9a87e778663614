package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.util.Optional;

/**
 * Everything that a run depends on, apart from the model and the pictures.
 *
 * @param resolution side of the square that pictures are brought to, a multiple of 8
 * @param learningRate its shape, and the number of steps
 * @param batchSize pairs of an instance and a prior picture that go through the networks together
 * @param accumulation batches whose gradients make one step
 * @param priorWeight weight of the loss on prior pictures
 * @param priorCount how many prior pictures are made; 0 for training on instance pictures alone
 * @param textEncoder whether the text encoder is trained too
 * @param lora absent for full fine-tuning
 * @param averageDecay decay of a moving average of the parameters, which is then what is saved; 0 for none
 * @param compute F32, or BF16 with float32 parameters
 * @param recompute whether activations are computed twice instead of kept
 */
public record TrainingSpec(
        CdlPrompts prompts,
        int resolution,
        LearningRate learningRate,
        OptimizerSpec optimizer,
        int batchSize,
        int accumulation,
        double priorWeight,
        int priorCount,
        LossSpec loss,
        boolean textEncoder,
        Optional<LoraSpec> lora,
        double averageDecay,
        DType compute,
        boolean recompute,
        long seed,
        CheckpointSpec checkpoints) {

    public TrainingSpec {
        require(
                resolution >= 8 && resolution <= 4096 && resolution % 8 == 0,
                "resolution",
                "a multiple of 8",
                resolution);
        require(batchSize >= 1 && batchSize <= 1024, "batchSize", "1 to 1024", batchSize);
        require(accumulation >= 1 && accumulation <= 1024, "accumulation", "1 to 1024", accumulation);
        require(priorWeight >= 0 && priorWeight <= 1e3, "priorWeight", "0 to 1000", priorWeight);
        require(priorCount >= 0 && priorCount <= 100_000, "priorCount", "0 to 100000", priorCount);
        require(averageDecay >= 0 && averageDecay < 1, "averageDecay", "0 to below 1", averageDecay);
        require(compute == DType.F32 || compute == DType.BF16, "compute", "F32 or BF16", compute);
    }

    /**
     * The paper's training (appendix A.2): both networks, 1000 steps at 5e-7, 8-bit AdamW, bf16, 200 prior pictures, one
     * pair a step.
     */
    public static TrainingSpec paper(CdlPrompts prompts) {
        return new TrainingSpec(
                prompts,
                512,
                LearningRate.constant(5e-7, 1000),
                OptimizerSpec.ADAMW_8BIT,
                1,
                1,
                1,
                200,
                LossSpec.PLAIN,
                true,
                Optional.empty(),
                0,
                DType.BF16,
                true,
                0,
                CheckpointSpec.DEFAULT);
    }

    public long steps() {
        return learningRate.totalSteps();
    }

    /** What two runs must share for one to go on where the other stopped. */
    TrainingSpec essence() {
        return but().checkpoints(CheckpointSpec.DEFAULT).build();
    }

    /** A copy in which some settings differ. */
    public Builder but() {
        return new Builder(this);
    }

    static void require(boolean holds, String name, String expected, Object found) {
        if (!holds) {
            throw new TrainingException(Reason.BAD_SPEC, name + ": expected " + expected + ", found " + found);
        }
    }

    /** Collects changes; the settings are those of {@link TrainingSpec}. */
    public static final class Builder {
        private CdlPrompts prompts;
        private int resolution;
        private LearningRate learningRate;
        private OptimizerSpec optimizer;
        private int batchSize;
        private int accumulation;
        private double priorWeight;
        private int priorCount;
        private LossSpec loss;
        private boolean textEncoder;
        private Optional<LoraSpec> lora;
        private double averageDecay;
        private DType compute;
        private boolean recompute;
        private long seed;
        private CheckpointSpec checkpoints;

        private Builder(TrainingSpec spec) {
            prompts = spec.prompts;
            resolution = spec.resolution;
            learningRate = spec.learningRate;
            optimizer = spec.optimizer;
            batchSize = spec.batchSize;
            accumulation = spec.accumulation;
            priorWeight = spec.priorWeight;
            priorCount = spec.priorCount;
            loss = spec.loss;
            textEncoder = spec.textEncoder;
            lora = spec.lora;
            averageDecay = spec.averageDecay;
            compute = spec.compute;
            recompute = spec.recompute;
            seed = spec.seed;
            checkpoints = spec.checkpoints;
        }

        public Builder prompts(CdlPrompts value) {
            prompts = value;
            return this;
        }

        public Builder resolution(int value) {
            resolution = value;
            return this;
        }

        public Builder learningRate(LearningRate value) {
            learningRate = value;
            return this;
        }

        public Builder optimizer(OptimizerSpec value) {
            optimizer = value;
            return this;
        }

        public Builder batchSize(int value) {
            batchSize = value;
            return this;
        }

        public Builder accumulation(int value) {
            accumulation = value;
            return this;
        }

        public Builder priorWeight(double value) {
            priorWeight = value;
            return this;
        }

        public Builder priorCount(int value) {
            priorCount = value;
            return this;
        }

        public Builder loss(LossSpec value) {
            loss = value;
            return this;
        }

        public Builder textEncoder(boolean value) {
            textEncoder = value;
            return this;
        }

        /** @param value null for full fine-tuning */
        public Builder lora(LoraSpec value) {
            lora = Optional.ofNullable(value);
            return this;
        }

        public Builder averageDecay(double value) {
            averageDecay = value;
            return this;
        }

        public Builder compute(DType value) {
            compute = value;
            return this;
        }

        public Builder recompute(boolean value) {
            recompute = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder checkpoints(CheckpointSpec value) {
            checkpoints = value;
            return this;
        }

        public TrainingSpec build() {
            return new TrainingSpec(
                    prompts,
                    resolution,
                    learningRate,
                    optimizer,
                    batchSize,
                    accumulation,
                    priorWeight,
                    priorCount,
                    loss,
                    textEncoder,
                    lora,
                    averageDecay,
                    compute,
                    recompute,
                    seed,
                    checkpoints);
        }
    }
}
