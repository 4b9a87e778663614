package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
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
     * @param each is told every outcome as soon as it is there
     * @return all outcomes in order
     * @throws java.util.concurrent.CancellationException if the watcher asks for it
     */
    public static List<Outcome> run(
            List<Source> sources,
            Chain chain,
            long seed,
            String noun,
            PurificationWatch watch,
            Consumer<Outcome> each) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Source source : sources) {
            Outcome outcome = one(source, chain, new PurificationRun(seed, noun, watch));
            outcomes.add(outcome);
            each.accept(outcome);
        }
        return outcomes;
    }

    private static Outcome one(Source source, Chain chain, PurificationRun run) {
        try {
            return new Outcome.Done(source.name(), chain.run(source.picture().get(), run));
        } catch (PictureException | PurificationException e) {
            return new Outcome.Failed(source.name(), e.getMessage());
        }
    }
}
