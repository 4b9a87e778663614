package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.optim.Gradients;
import dev.cloakproof.tensor.optim.MovingAverage;
import dev.cloakproof.tensor.optim.Optimizer;
import dev.cloakproof.trainer.train.DenoisingObjective.Batch;
import dev.cloakproof.trainer.train.DenoisingObjective.Outcome;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;

/** The state of a run between two steps: what is trained, its optimizer, and how many steps were made. */
final class TrainingRun implements AutoCloseable {
    private static final String PARAMETERS = "parameters.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String AVERAGE = "average.safetensors";

    private final TrainingSpec spec;
    private final DenoisingObjective objective;
    private final Trainables trained;
    private final List<Tensor> leaves;
    private final LatentCache latents;
    private final Tensor ids; // (1 or 2, 77)
    private final int pairs;
    private final TrainingPictures pictures;
    private final Optimizer optimizer;
    private final MovingAverage average; // null for none
    private long step;

    TrainingRun(
            DiffusionModel model,
            TrainingSpec spec,
            TrainingPictures pictures,
            Trainables trained,
            LatentCache latents,
            Tensor ids) {
        this.spec = spec;
        this.pictures = pictures;
        this.pairs = pictures.pairs();
        this.trained = trained;
        this.leaves = List.copyOf(trained.all().values());
        this.latents = latents;
        this.ids = ids;
        objective = model.objective(spec.loss(), spec.compute(), spec.recompute());
        optimizer = spec.optimizer().over(trained.all());
        average = spec.averageDecay() > 0 ? new MovingAverage(trained.all(), spec.averageDecay()) : null;
    }

    /** What a step found, before it is timed. */
    record Losses(double loss, double instance, double prior, double gradientNorm, double learningRate) {}

    long step() {
        return step;
    }

    Trainables trained() {
        return trained;
    }

    /** The parameters to keep: their moving average where there is one. */
    Map<String, Tensor> result() {
        return average == null ? trained.all() : average.state();
    }

    long averaged() {
        return average == null ? 0 : average.updates();
    }

    /**
     * One step of algorithm 1, line 6 to 10.
     *
     * @throws TrainingException with {@link Reason#NOT_FINITE}; parameters and optimizer are then as before
     */
    Losses advance() {
        try (var _ = Scope.open()) {
            // 1. gradients of each batch, added up
            double loss = 0;
            double instance = 0;
            double prior = 0;
            List<Tensor> gradients = null;
            for (int i = 0; i < spec.accumulation(); i++) {
                Outcome outcome =
                        objective.evaluate(batch(step * spec.accumulation() + i), leaves, trained.textEncoder());
                loss += outcome.loss() / spec.accumulation();
                instance += outcome.instance() / spec.accumulation();
                prior += outcome.prior() / spec.accumulation();
                if (gradients == null) {
                    gradients = outcome.gradients();
                } else {
                    InPlace.add(gradients, outcome.gradients());
                    outcome.gradients().forEach(Tensor::free);
                }
            }
            if (spec.accumulation() > 1) {
                InPlace.scale(gradients, 1.0 / spec.accumulation());
            }

            // 2. their norm, which also tells whether anything went wrong
            double norm = Gradients.clip(gradients, spec.optimizer().clipNorm());
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                throw new TrainingException(
                        Reason.NOT_FINITE,
                        "step " + (step + 1) + ": loss " + loss + ", gradient norm " + norm
                                + "; the step was not made");
            }

            // 3. the step
            double rate = spec.learningRate().at(step);
            optimizer.step(gradients, rate);
            if (average != null) {
                average.update();
            }
            step++;
            return new Losses(loss, instance, prior, norm, rate);
        }
    }

    /** The {@code k}-th batch of the run: all instance pictures, then all prior ones. */
    private Batch batch(long k) {
        List<Pair> drawn = LongStream.range(k * spec.batchSize(), (k + 1) * spec.batchSize())
                .mapToObj(this::pair)
                .toList();
        long[] timesteps = new long[drawn.size() * drawn.getFirst().timesteps.length];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = drawn.get(i % drawn.size()).timesteps[i / drawn.size()];
        }
        return new Batch(
                together(drawn, Pair::latents),
                together(drawn, Pair::noise),
                timesteps,
                ids,
                timesteps.length > drawn.size() ? spec.priorWeight() : null);
    }

    private static Tensor together(List<Pair> pairs, Function<Pair, Tensor> part) {
        if (pairs.size() == 1) {
            return part.apply(pairs.getFirst());
        }
        List<Tensor> rows = new ArrayList<>();
        for (int half = 0; half < pairs.getFirst().timesteps.length; half++) {
            for (Pair pair : pairs) {
                rows.add(part.apply(pair).narrow(0, half, 1));
            }
        }
        return Tensor.cat(rows, 0);
    }

    /** An instance picture and a prior one, or the former alone; (pictures, channels, h, w). */
    private record Pair(Tensor latents, Tensor noise, long[] timesteps) {}

    /** The {@code k}-th pair of the run, with all its random numbers. */
    private Pair pair(long k) {
        int[] pair = pictures.pair(order(k / pairs)[(int) (k % pairs)]);
        long[] shape = latents.shape();
        shape[0] = pair[1] < 0 ? 1 : 2;
        Tensor drawn =
                latents.draw(pair, RandomStream.POSTERIOR.at(spec.seed(), k).normal(shape));
        Tensor noise = RandomStream.NOISE.at(spec.seed(), k).normal(shape);
        if (spec.loss().offsetNoise() > 0) {
            Tensor offset = RandomStream.OFFSET.at(spec.seed(), k).normal(shape[0], shape[1], 1, 1);
            noise = noise.add(offset, spec.loss().offsetNoise());
        }
        long[] timesteps = RandomStream.TIMESTEP
                .at(spec.seed(), k)
                .integers(0, objective.schedule().timesteps(), shape[0])
                .toLongs();
        return new Pair(drawn, noise.to(drawn.device()), timesteps);
    }

    private int[] order(long epoch) {
        try (var _ = Scope.open()) {
            long[] order =
                    RandomStream.ORDER.at(spec.seed(), epoch).permutation(pairs).toLongs();
            return java.util.Arrays.stream(order).mapToInt(Math::toIntExact).toArray();
        }
    }

    void write(Path folder, RunState state) throws IOException {
        Map<String, String> metadata = Map.of("format", "pt", "step", Long.toString(step));
        Pretrained.save(folder.resolve(PARAMETERS), trained.all(), metadata);
        Pretrained.save(folder.resolve(OPTIMIZER), optimizer.state(), metadata);
        if (average != null) {
            Pretrained.save(folder.resolve(AVERAGE), average.state(), metadata);
        }
        state.write(folder);
    }

    /** Goes on from a checkpoint whose state was found to be of this run. */
    void restore(Path folder, RunState state) {
        try (var _ = Scope.open()) {
            Map<String, Tensor> stored = Pretrained.tensors(folder.resolve(PARAMETERS));
            if (!stored.keySet().equals(trained.all().keySet())) {
                throw new TrainingException(
                        Reason.FOREIGN_CHECKPOINT, folder + " does not have the parameters of this model");
            }
            trained.all().forEach((name, tensor) -> InPlace.copy(tensor, stored.get(name)));
            optimizer.restore(Pretrained.tensors(folder.resolve(OPTIMIZER)), state.step());
            if (average != null) {
                average.restore(Pretrained.tensors(folder.resolve(AVERAGE)), state.averaged());
            }
        }
        step = state.step();
    }

    @Override
    public void close() {
        optimizer.close();
        if (average != null) {
            average.close();
        }
    }
}
