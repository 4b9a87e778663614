package dev.cloakproof.pretraining.lesson;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.optim.AdamW;
import dev.cloakproof.tensor.optim.Gradients;
import dev.cloakproof.tensor.optim.MovingAverage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Runs a lesson to its last step, in as many sittings as it takes: state, curve and a picture are written on the way,
 * and a later run goes on from the last state to the same bits as one that was never stopped.
 *
 * <p>In {@code folder}: {@code state.safetensors}, {@code curve.tsv}, {@code sheet-STEP.png}.
 */
public final class Course implements AutoCloseable {
    private static final String STATE = "state.safetensors";
    private static final String STEP = "step";
    private static final String PARAMETERS = "parameters.";
    private static final String BUFFERS = "buffers.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String AVERAGE = "average.";
    /** Steps of which the curve holds the mean. */
    private static final int REPORT = 20;

    /** Hears of the training. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param step steps made
         * @param steps of the whole training
         * @param seconds a step took in the mean
         * @param parts means since the last report: the loss, its parts, the gradient's norm
         */
        void reported(long step, long steps, double seconds, Map<String, Double> parts);
    }

    private final String name;
    private final Lesson lesson;
    private final long seed;
    private final Path folder;
    private final List<Tensor> leaves;
    private final AdamW optimizer;
    private final MovingAverage average; // null for none
    private long step;

    /**
     * Goes on where {@code folder} stands.
     *
     * @param lesson stays the caller's to close
     */
    public Course(String name, Lesson lesson, long seed, Path folder) {
        this.name = name;
        this.lesson = lesson;
        this.seed = seed;
        this.folder = folder;
        Map<String, Tensor> parameters = lesson.parameters();
        parameters.values().forEach(tensor -> Autograd.require(tensor, true));
        leaves = List.copyOf(parameters.values());
        optimizer = new AdamW(parameters, lesson.plan().optimizer());
        average = lesson.plan().averageDecay() > 0
                ? new MovingAverage(parameters, lesson.plan().averageDecay())
                : null;
        if (Files.exists(folder.resolve(STATE))) {
            restore();
        }
    }

    public long step() {
        return step;
    }

    public boolean finished() {
        return step >= lesson.plan().steps();
    }

    /**
     * Trains until the last step, or until {@code stop} says so between two steps.
     *
     * @param save time between two states on the disk
     * @param sheet steps between two pictures
     */
    public void run(Duration save, long sheet, BooleanSupplier stop, Listener listener) {
        long saved = System.nanoTime();
        long begun = saved;
        Map<String, Double> sums = new LinkedHashMap<>();
        int summed = 0;
        while (!finished() && !stop.getAsBoolean()) {
            advance().forEach((part, value) -> sums.merge(part, value, Double::sum));
            summed++;
            long now = System.nanoTime();
            if (step % REPORT == 0 || finished()) {
                int steps = summed; // fewer than REPORT after a stop in between
                sums.replaceAll((_, sum) -> sum / steps);
                append(sums);
                listener.reported(
                        step,
                        lesson.plan().steps(),
                        (now - begun) / 1e9 / steps,
                        Collections.unmodifiableMap(new LinkedHashMap<>(sums)));
                begun = now;
                sums.clear();
                summed = 0;
            }
            if (step % sheet == 0 || finished()) {
                picture();
            }
            if (now - saved > save.toNanos()) {
                save();
                saved = System.nanoTime();
            }
        }
        save();
    }

    private Map<String, Double> advance() {
        try (var _ = Scope.open()) {
            Lesson.Outcome outcome = lesson.attempt(new Draws(seed, name, step));
            List<Tensor> gradients = Autograd.grad(outcome.loss(), leaves);
            double norm = Gradients.clip(gradients, lesson.plan().clip());
            double loss = outcome.loss().item();
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                throw new IllegalStateException(
                        name + ", step " + (step + 1) + ": loss " + loss + ", gradient norm " + norm);
            }
            optimizer.step(gradients, lesson.plan().rate().at(step));
            if (average != null) {
                average.update();
            }
            step++;
            Map<String, Double> parts = new LinkedHashMap<>();
            parts.put("loss", loss);
            parts.putAll(outcome.parts());
            parts.put("gradient", norm);
            return parts;
        }
    }

    /** Runs {@code body} while the parameters are what the lesson gives away: their average, if it keeps one. */
    public void asTaught(Runnable body) {
        if (average == null || average.updates() == 0) {
            body.run();
            return;
        }
        try (var _ = Scope.open()) {
            List<Tensor> kept = leaves.stream().map(Tensor::copy).toList();
            Map<String, Tensor> averages = average.state();
            lesson.parameters().forEach((key, tensor) -> InPlace.copy(tensor, averages.get(key)));
            try {
                body.run();
            } finally {
                for (int i = 0; i < kept.size(); i++) {
                    InPlace.copy(leaves.get(i), kept.get(i));
                }
            }
        }
    }

    private void picture() {
        asTaught(() -> {
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                Files.createDirectories(folder);
                PictureWriter.write(
                        folder.resolve("sheet-%06d.png".formatted(step)), PictureWriter.png(lesson.sheet()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Writes the component as packs hold it. */
    public void export(Path target, Map<String, String> metadata) {
        Map<String, String> said = new LinkedHashMap<>(metadata);
        said.put("cloakproof.lesson", name);
        said.put("cloakproof.step", Long.toString(step));
        said.put("cloakproof.seed", Long.toString(seed));
        asTaught(() -> {
            try {
                lesson.save(target, said);
            } catch (IOException e) {
                throw new UncheckedIOException("the component " + name + " cannot be written to " + target, e);
            }
        });
    }

    /** Everything that the next step depends on, in one file that is replaced at once. */
    private void save() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        lesson.parameters().forEach((key, tensor) -> state.put(PARAMETERS + key, tensor));
        lesson.buffers().forEach((key, tensor) -> state.put(BUFFERS + key, tensor));
        optimizer.state().forEach((key, tensor) -> state.put(OPTIMIZER + key, tensor));
        if (average != null) {
            average.state().forEach((key, tensor) -> state.put(AVERAGE + key, tensor));
        }
        try (var _ = Scope.open()) {
            state.put(STEP, Tensor.of(new long[] {step}, 1));
            Files.createDirectories(folder);
            Pretrained.save(folder.resolve(STATE), state, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("the state of " + name + " cannot be written to " + folder, e);
        }
    }

    private void restore() {
        try (var _ = Scope.open()) {
            Map<String, Tensor> state = Pretrained.tensors(folder.resolve(STATE));
            step = state.get(STEP).toLongs()[0];
            copy(state, PARAMETERS, lesson.parameters());
            copy(state, BUFFERS, lesson.buffers());
            optimizer.restore(below(state, OPTIMIZER), step);
            if (average != null) {
                average.restore(below(state, AVERAGE), step);
            }
        }
        shorten();
    }

    private void copy(Map<String, Tensor> state, String prefix, Map<String, Tensor> to) {
        Map<String, Tensor> from = below(state, prefix);
        if (!from.keySet().equals(to.keySet())) {
            throw new IllegalStateException(
                    folder + " holds the state of another lesson than this " + name + ": start it in an empty folder");
        }
        to.forEach((key, tensor) -> InPlace.copy(tensor, from.get(key)));
    }

    private static Map<String, Tensor> below(Map<String, Tensor> state, String prefix) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        state.forEach((key, tensor) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), tensor);
            }
        });
        return found;
    }

    private void append(Map<String, Double> parts) {
        var line = new StringBuilder().append(step);
        parts.forEach((part, value) ->
                line.append('\t').append(part).append('\t').append(String.format(Locale.ROOT, "%.5g", value)));
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    curve(),
                    line.append('\n'),
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes away what the curve says of steps that will be made again. */
    private void shorten() {
        if (!Files.exists(curve())) {
            return;
        }
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(curve()));
            lines.removeIf(line -> Long.parseLong(line.substring(0, line.indexOf('\t'))) > step);
            Files.write(curve(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path curve() {
        return folder.resolve("curve.tsv");
    }

    /** The last line of the curve. */
    public Optional<String> lastReport() {
        try {
            return Files.exists(curve())
                    ? Files.readAllLines(curve()).stream().reduce((_, last) -> last)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        optimizer.close();
        if (average != null) {
            average.close();
        }
    }
}
