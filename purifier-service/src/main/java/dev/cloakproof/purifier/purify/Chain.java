package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A purification method: steps one after the other, each with all of its settings. {@link #toString} writes it so that
 * {@link StepCatalogue#parse} reads the same again, whatever the presets become.
 */
public record Chain(List<Link> links) {
    /** A step and its settings. */
    public record Link(PurificationStep step, Settings settings) {
        @Override
        public String toString() {
            return step.description().name() + "(" + settings + ")";
        }
    }

    public Chain {
        links = List.copyOf(links);
    }

    /** Purifies one picture. */
    public Purified run(Picture picture, PurificationRun run) {
        Picture current = picture;
        for (Link link : links) {
            run.progress(link.step().description().name(), 0, 1);
            current = link.step().apply(current, link.settings(), run);
        }
        return new Purified(current, run.notes(), run.facesFound());
    }

    @Override
    public String toString() {
        return links.stream().map(Link::toString).collect(Collectors.joining(" | "));
    }
}
