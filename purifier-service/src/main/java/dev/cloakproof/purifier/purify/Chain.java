package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A purification method: steps one after the other, each with all of its settings. {@link #toString} writes it so that
 * {@link StepCatalogue#parse} reads the same again, whatever the presets become.
 *
 * <p>Chains are equal if they are the same steps, of the same loaded networks, with equal settings: their pictures may
 * then go together, each with the seed and the noun of its own run.
 */
public record Chain(List<Link> links) {
    /** A step and its settings. @throws IllegalArgumentException if the step cannot work with them */
    public record Link(PurificationStep step, Settings settings) {
        public Link {
            step.check(settings);
        }

        @Override
        public String toString() {
            return step.description().name() + "(" + settings + ")";
        }
    }

    public Chain {
        links = List.copyOf(links);
    }

    /** Whether several pictures at once may take less than one after the other. */
    public boolean gainsTogether() {
        return links.stream().anyMatch(link -> link.step().gainsTogether());
    }

    /** Purifies one picture. @throws PurificationException if a step cannot take it */
    public Purified run(Picture picture, PurificationRun run) {
        return new Purified(run(List.of(picture), List.of(run)).getFirst().orThrow(), run.notes(), run.facesFound());
    }

    /**
     * Purifies several pictures step by step. One that a step refuses takes no part in those after it.
     *
     * @param runs one a picture, which hold what there is to say of it
     * @return one a picture
     */
    public List<Attempt> run(List<Picture> pictures, List<PurificationRun> runs) {
        List<Attempt> attempts = new ArrayList<>();
        pictures.forEach(picture -> attempts.add(new Attempt.Made(picture)));
        for (Link link : links) {
            List<Integer> left = IntStream.range(0, attempts.size())
                    .filter(i -> attempts.get(i) instanceof Attempt.Made)
                    .boxed()
                    .toList();
            List<PurificationRun> theirs = left.stream().map(runs::get).toList();
            theirs.forEach(run -> run.progress(link.step().description().name(), 0, 1));
            List<Picture> those =
                    left.stream().map(i -> attempts.get(i).orThrow()).toList();
            List<Attempt> made = link.step().apply(those, link.settings(), theirs);
            for (int i = 0; i < made.size(); i++) {
                attempts.set(left.get(i), made.get(i));
            }
        }
        return attempts;
    }

    @Override
    public String toString() {
        return links.stream().map(Link::toString).collect(Collectors.joining(" | "));
    }
}
