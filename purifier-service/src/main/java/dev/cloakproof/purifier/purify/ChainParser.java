package dev.cloakproof.purifier.purify;

import dev.cloakproof.purifier.purify.Chain.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** Reads one chain from left to right. */
final class ChainParser {
    private static final int LONGEST = 2_000;

    private final String text;
    private final Map<String, PurificationStep> steps;
    private final Map<String, String> methods;
    private final Preset preset;
    private int at;

    ChainParser(String text, Map<String, PurificationStep> steps, Map<String, String> methods, Preset preset) {
        this.text = text;
        this.steps = steps;
        this.methods = methods;
        this.preset = preset;
    }

    Chain parse() {
        if (text.length() > LONGEST) {
            throw new ChainException(
                    text.substring(0, 40) + "...", 0, "a chain has at most " + LONGEST + " characters");
        }
        List<Link> links = new ArrayList<>();
        do {
            links.addAll(links());
        } while (taken('|'));
        if (at < text.length()) {
            throw error(at, "expected '|' or the end");
        }
        return new Chain(links);
    }

    /** One step, or the steps of a named chain. */
    private List<Link> links() {
        int start = skipped();
        String name = word(c -> c == '-' || Character.isLetterOrDigit(c), "the name of a step");
        if (methods.containsKey(name)) {
            return new ChainParser(methods.get(name), steps, Map.of(), preset)
                    .parse()
                    .links();
        }
        PurificationStep step = steps.get(name);
        if (step == null) {
            var known = new TreeSet<>(steps.keySet());
            known.addAll(methods.keySet());
            throw error(start, "there is no step '" + name + "', only " + known);
        }
        Map<String, Double> given = taken('(') ? settings() : Map.of();
        try {
            return List.of(new Link(step, Settings.of(step.description(), given, preset)));
        } catch (IllegalArgumentException e) {
            throw error(start, e.getMessage());
        }
    }

    private Map<String, Double> settings() {
        Map<String, Double> given = new LinkedHashMap<>();
        if (taken(')')) {
            return given;
        }
        do {
            int start = skipped();
            String name = word(c -> c == '_' || Character.isLetterOrDigit(c), "the name of a setting");
            if (!taken('=')) {
                throw error(at, "expected '=' after '" + name + "'");
            }
            if (given.put(name, number()) != null) {
                throw error(start, "'" + name + "' is given twice");
            }
        } while (taken(','));
        if (!taken(')')) {
            throw error(at, "expected ',' or ')'");
        }
        return given;
    }

    private double number() {
        int start = skipped();
        String word = word(c -> "+-.eE".indexOf(c) >= 0 || Character.isDigit(c), "a number");
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw error(start, "'" + word + "' is not a number");
        }
    }

    private String word(IntPredicate part, String what) {
        int start = skipped();
        while (at < text.length() && part.test(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw error(at, "expected " + what);
        }
        return text.substring(start, at);
    }

    private boolean taken(char c) {
        boolean there = skipped() < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private int skipped() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private ChainException error(int position, String message) {
        return new ChainException(text, position, message);
    }
}
