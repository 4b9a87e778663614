package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.trainer.train.TrainingControl.Ending;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * DreamBooth (Ruiz et al. 2023) with the paper's contrastive decoupling learning: algorithm 1, step 2. The model is
 * changed in place; give each run its own.
 *
 * @param tokenizer the model's
 * @param folder of this run: {@code checkpoints/} and, in the end, {@code model/}. A run that finds checkpoints of
 *     itself there goes on from the latest.
 * @param memory bytes that training may use
 */
public record DreamBooth(
        DiffusionModel model, PromptIds tokenizer, TrainingSpec spec, Path folder, LongSupplier memory) {

    /**
     * How a run ended.
     *
     * @param step steps made in all
     * @param model the trained model, if it finished
     */
    public record Result(Ending ending, long step, Optional<Path> model) {}

    /**
     * Trains until all steps are made or the run is told to stop.
     *
     * @throws TrainingException if the run cannot begin, go on, or be stored
     */
    public Result run(
            TrainingPictures pictures, Validation validation, TrainingListener listener, TrainingControl control) {
        try (var _ = Scope.open()) {
            // 1. captions, before anything costs time
            Tensor ids = captions(!pictures.prior().isEmpty());

            // 2. whether it fits
            MemoryPlan plan = MemoryPlan.of(model, spec, pictures);
            plan.require(memory.getAsLong());

            // 3. what is trained, and on what
            try (var trained = Trainables.of(model, spec);
                    var latents = new LatentCache(model.autoencoder(), pictures);
                    var run = new TrainingRun(model, spec, pictures, trained, latents, ids)) {

                // 4. where an earlier process of this run stopped
                var checkpoints = new Checkpoints(
                        folder.resolve("checkpoints"), spec.checkpoints().kept());
                RunState state = new RunState(
                        RunState.FORMAT, 0, 0, Fingerprint.of(model.folder()), pictures.fingerprint(), spec);
                checkpoints.latest().ifPresent(last -> run.restore(last, RunState.read(last, state)));
                listener.started(plan, run.step());

                // 5. the steps
                Ending ending = steps(run, state, checkpoints, validation, listener, control);

                // 6. the model
                if (ending != Ending.FINISHED) {
                    return new Result(ending, run.step(), Optional.empty());
                }
                Path target = folder.resolve("model");
                TrainedModel.save(target, model, spec, run.result(), metadata(state));
                return new Result(ending, run.step(), Optional.of(target));
            }
        }
    }

    private Ending steps(
            TrainingRun run,
            RunState state,
            Checkpoints checkpoints,
            Validation validation,
            TrainingListener listener,
            TrainingControl control) {
        long begun = System.nanoTime();
        long first = run.step();
        if (first == 0) {
            validate(validation, 0, listener);
        }
        while (run.step() < spec.steps()) {
            Ending asked = control.look();
            if (asked == Ending.SAVED
                    && checkpoints.latest().map(Checkpoints::step).orElse(-1L) != run.step()) {
                save(run, state, checkpoints, listener);
            }
            if (asked != Ending.FINISHED) {
                return asked;
            }
            long before = System.nanoTime();
            TrainingRun.Losses losses = run.advance();
            long now = System.nanoTime();
            long mean = (now - begun) / (run.step() - first);
            listener.stepped(new StepReport(
                    run.step(),
                    spec.steps(),
                    losses.loss(),
                    losses.instance(),
                    losses.prior(),
                    losses.gradientNorm(),
                    losses.learningRate(),
                    Duration.ofNanos(now - before),
                    Duration.ofNanos(mean * (spec.steps() - run.step()))));
            validate(validation, run.step(), listener);
            int every = spec.checkpoints().every();
            if (every > 0 && run.step() % every == 0 && run.step() < spec.steps()) {
                save(run, state, checkpoints, listener);
            }
        }
        return Ending.FINISHED;
    }

    private void validate(Validation validation, long step, TrainingListener listener) {
        if (validation.due(step)) {
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                listener.validated(step, validation.at(model));
            }
        }
    }

    private static void save(TrainingRun run, RunState state, Checkpoints checkpoints, TrainingListener listener) {
        var now =
                new RunState(state.format(), run.step(), run.averaged(), state.model(), state.pictures(), state.spec());
        Path saved = checkpoints.save(run.step(), target -> run.write(target, now));
        listener.checkpointed(saved, run.step());
    }

    /** (1 or 2, 77): the instance caption, and that of prior pictures. */
    private Tensor captions(boolean prior) {
        CdlPrompts prompts = spec.prompts();
        long[] instance = ids(prompts.instance());
        if (!prior) {
            return Tensor.of(instance, 1, instance.length);
        }
        long[] other = ids(prompts.prior());
        return Tensor.cat(
                java.util.List.of(Tensor.of(instance, 1, instance.length), Tensor.of(other, 1, other.length)), 0);
    }

    private long[] ids(String caption) {
        long[] ids = tokenizer.of(caption);
        int most = model.encoder().config().positions();
        if (ids.length > most) {
            throw new TrainingException(
                    Reason.PROMPT_TOO_LONG,
                    "'" + caption + "' has " + ids.length + " tokens, expected at most " + most);
        }
        return ids;
    }

    /** Provenance, for the header of every file of the model. */
    private Map<String, String> metadata(RunState state) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("cloakproof.base_model", state.model());
        metadata.put("cloakproof.instance_prompt", spec.prompts().instance());
        metadata.put("cloakproof.sampling_suffix", spec.prompts().samplingSuffix());
        metadata.put("cloakproof.run", state.json());
        return metadata;
    }
}
