package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.optim.AdamWSettings;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.tensor.optim.LearningRate.Shape;
import dev.cloakproof.trainer.Fixtures;
import java.nio.file.Path;

/** A process of its own that trains, so that a test can kill it: says each step, and the start, on standard output. */
final class ResumeChild {
    private ResumeChild() {}

    static TrainingSpec spec(String kind) {
        TrainingSpec spec = Fixtures.spec()
                .but()
                .learningRate(new LearningRate(Shape.COSINE, 2e-4, 3, 12))
                .averageDecay(0.9)
                .accumulation(2)
                .checkpoints(new CheckpointSpec(3, 2))
                .build();
        return switch (kind) {
            case "full" -> spec;
            case "lora" ->
                spec.but()
                        .lora(new LoraSpec(4, 4))
                        .optimizer(new OptimizerSpec(AdamWSettings.DEFAULT, 256, 1))
                        .recompute(true)
                        .build();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** @param arguments kind and folder of the run */
    public static void main(String[] arguments) {
        try (DiffusionModel model = Fixtures.model()) {
            var said = new TrainingListener() {
                @Override
                public void started(MemoryPlan plan, long step) {
                    System.out.println("start " + step);
                }

                @Override
                public void stepped(StepReport report) {
                    System.out.println("step " + report.step());
                }
            };
            new DreamBooth(model, Fixtures.tokenizer(), spec(arguments[0]), Path.of(arguments[1]), () -> Long.MAX_VALUE)
                    .run(Fixtures.pictures(), Validation.NONE, said, new TrainingControl());
        }
    }
}
