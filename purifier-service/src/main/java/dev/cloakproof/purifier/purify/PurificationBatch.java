package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
import dev.cloakproof.tensor.nn.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Purifies many pictures; one that cannot be read or purified fails alone. */
public final class PurificationBatch {
    /** @param picture reads it, and may throw {@link PictureException} */
    public record Source(String name, Supplier<Picture> picture) {}

    /** What became of a picture. */
    public sealed interface Outcome {
        String name();

        /** It was purified. */
        record Done(String name, Purified purified) implements Outcome {}

        /** It was not. */
        record Failed(String name, String reason) implements Outcome {}
    }

    private PurificationBatch() {}

    /**
     * @param together how many pictures are in memory and go through the chain at once, 1 or more
     * @param seed of every picture's noise: none depends on the others
     * @param each is told every outcome as soon as it is there
     * @return all outcomes in order
     * @throws java.util.concurrent.CancellationException if the watcher asks for it
     */
    public static List<Outcome> run(
            List<Source> sources,
            Chain chain,
            int together,
            long seed,
            String noun,
            PurificationWatch watch,
            Consumer<Outcome> each) {
        return Batches.of(sources, together, batch -> {
            List<Outcome> outcomes = batch(batch, chain, () -> new PurificationRun(seed, noun, watch));
            outcomes.forEach(each);
            return outcomes;
        });
    }

    private static List<Outcome> batch(List<Source> sources, Chain chain, Supplier<PurificationRun> begin) {
        List<Outcome> outcomes = new ArrayList<>();
        List<Integer> read = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        List<PurificationRun> runs = new ArrayList<>();
        for (Source source : sources) {
            try {
                pictures.add(source.picture().get());
                runs.add(begin.get());
                read.add(outcomes.size());
                outcomes.add(null);
            } catch (PictureException e) {
                outcomes.add(new Outcome.Failed(source.name(), e.getMessage()));
            }
        }
        List<Attempt> attempts = chain.run(pictures, runs);
        for (int i = 0; i < read.size(); i++) {
            String name = sources.get(read.get(i)).name();
            PurificationRun run = runs.get(i);
            outcomes.set(
                    read.get(i),
                    switch (attempts.get(i)) {
                        case Attempt.Made made ->
                            new Outcome.Done(name, new Purified(made.picture(), run.notes(), run.facesFound()));
                        case Attempt.Refused refused ->
                            new Outcome.Failed(name, refused.why().getMessage());
                    });
        }
        return outcomes;
    }
}
