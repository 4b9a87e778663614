package dev.cloakproof.purifier.purify;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps that there are, and chains with names of their own.
 *
 * <p>A chain is written {@code codeformer(w=0.5) | sr(steps=75)}: names of steps or chains, a step's settings in brackets
 * or none, a bar between steps, spaces anywhere between words.
 */
public final class StepCatalogue {
    private final Map<String, PurificationStep> steps = new LinkedHashMap<>();
    private final Map<String, String> methods = new LinkedHashMap<>();

    /**
     * @param steps by whatever order a list should have
     * @param methods chains by name
     * @throws IllegalArgumentException if two share a name
     */
    public StepCatalogue(Collection<PurificationStep> steps, Map<String, String> methods) {
        for (PurificationStep step : steps) {
            String name = step.description().name();
            if (this.steps.put(name, step) != null) {
                throw new IllegalArgumentException("two steps are named " + name);
            }
        }
        methods.forEach((name, chain) -> {
            if (this.steps.containsKey(name)) {
                throw new IllegalArgumentException("a step and a method are named " + name);
            }
            this.methods.put(name, chain);
        });
        methods.values().forEach(chain -> parse(chain, Preset.PAPER));
    }

    /** What there is to choose from, for {@code --list}. */
    public List<StepDescription> steps() {
        return steps.values().stream().map(PurificationStep::description).toList();
    }

    /** Named chains, as written. */
    public Map<String, String> methods() {
        return Map.copyOf(methods);
    }

    /**
     * Reads a chain.
     *
     * @throws ChainException if it is malformed, or names an unknown step, an unknown setting or a value not allowed
     */
    public Chain parse(String text, Preset preset) {
        String named = methods.get(text.strip());
        return new ChainParser(named == null ? text : named, steps, methods, preset).parse();
    }
}
