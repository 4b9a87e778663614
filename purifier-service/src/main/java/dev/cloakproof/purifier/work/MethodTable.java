package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.purify.Chain;
import dev.cloakproof.purifier.purify.Chain.Link;
import dev.cloakproof.purifier.purify.ChainException;
import dev.cloakproof.purifier.purify.CodeFormerStep;
import dev.cloakproof.purifier.purify.Methods;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationStep;
import dev.cloakproof.purifier.purify.Setting;
import dev.cloakproof.purifier.purify.Settings;
import dev.cloakproof.purifier.purify.StepCatalogue;
import dev.cloakproof.purifier.purify.StepDescription;
import dev.cloakproof.purifier.purify.SuperResolutionStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The methods by the names that requests use: every step, and every named chain. A step's settings have their own
 * names; those of a named chain begin with the step's, such as {@code sr_steps}, and count wherever the step stands in
 * it. A chain may also be written out, with its settings in it.
 */
public final class MethodTable {
    /** @param settings by the names that requests use */
    public record Method(String name, String description, boolean needsPack, Map<String, Setting> settings) {}

    /** A chain, and the method and settings that name it completely. */
    public record Choice(Chain chain, String method, Map<String, Double> settings) {}

    /** Describes the steps that need weights, and is never run. */
    private static final StepCatalogue ALL = Methods.catalogue(
            new CodeFormerStep(null, null, null), new SuperResolutionStep(null, SuperResolutionStep.PUBLISHED_SIDE));

    private static final Set<String> WITHOUT_PACK =
            Methods.modelFree().stream().map(step -> step.description().name()).collect(Collectors.toUnmodifiableSet());

    private final StepCatalogue catalogue;
    private final Map<String, Method> methods = new TreeMap<>();

    public MethodTable(StepCatalogue catalogue) {
        this.catalogue = catalogue;
        for (StepDescription step : catalogue.steps()) {
            Map<String, Setting> settings = new LinkedHashMap<>();
            step.settings().forEach(setting -> settings.put(setting.name(), setting));
            add(step.name(), step.meaning() + ". Cost: " + step.cost() + ".", settings);
        }
        catalogue.methods().forEach((name, chain) -> {
            Map<String, Setting> settings = new LinkedHashMap<>();
            for (Link link : catalogue.parse(chain, Preset.PAPER).links()) {
                link.step()
                        .description()
                        .settings()
                        .forEach(setting -> settings.put(prefix(link.step()) + setting.name(), setting));
            }
            add(name, "The chain " + chain + ".", settings);
        });
    }

    /** All that run here, by name. */
    public List<Method> methods() {
        return List.copyOf(methods.values());
    }

    /**
     * Finds a method.
     *
     * @param method a name, or a chain
     * @throws CloakproofException METHOD_UNKNOWN, PACK_MISSING or PARAMETER_INVALID
     */
    public Choice choose(String method, Preset preset, Map<String, Double> settings) {
        if (methods.containsKey(method)) {
            return named(method, preset, settings);
        }
        if (method.matches("[a-z][a-z0-9-]*")) {
            throw unknown(method);
        }
        if (!settings.isEmpty()) {
            throw Reason.PARAMETER_INVALID
                    .problem("expected the settings of a chain in the chain, found " + settings.keySet() + " beside it")
                    .at("parameters.settings", "empty where the method is a chain")
                    .exception();
        }
        Chain chain = parsed(method, preset);
        return new Choice(chain, chain.toString(), Map.of());
    }

    private Choice named(String method, Preset preset, Map<String, Double> given) {
        boolean step = !catalogue.methods().containsKey(method);
        Set<String> known = methods.get(method).settings().keySet();
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                throw invalid(name, method + " has no setting '" + name + "', only " + known);
            }
        }
        List<Link> links = new ArrayList<>();
        Map<String, Double> all = new LinkedHashMap<>();
        for (Link link : catalogue.parse(method, preset).links()) {
            String prefix = step ? "" : prefix(link.step());
            Settings settings = settings(link, prefix, given, preset);
            settings.all().forEach((name, value) -> all.put(prefix + name, value));
            links.add(link(link.step(), settings, method));
        }
        return new Choice(new Chain(links), method, all);
    }

    private static Link link(PurificationStep step, Settings settings, String method) {
        try {
            return new Link(step, settings);
        } catch (IllegalArgumentException e) {
            throw Reason.PARAMETER_INVALID
                    .problem(method + ": " + e.getMessage())
                    .at("parameters.settings", e.getMessage())
                    .exception(e);
        }
    }

    private static Settings settings(Link link, String prefix, Map<String, Double> given, Preset preset) {
        Map<String, Double> values = new HashMap<>(link.settings().all());
        for (String name : link.settings().all().keySet()) {
            Double value = given.get(prefix + name);
            if (value != null) {
                values.put(name, value);
                try {
                    // One at a time, so that the error names the request's own field.
                    Settings.of(link.step().description(), Map.of(name, value), preset);
                } catch (IllegalArgumentException e) {
                    throw invalid(prefix + name, e.getMessage());
                }
            }
        }
        return Settings.of(link.step().description(), values, preset);
    }

    private Chain parsed(String text, Preset preset) {
        try {
            return catalogue.parse(text, preset);
        } catch (ChainException e) {
            throw Reason.PARAMETER_INVALID
                    .problem(e.getMessage())
                    .with("position", e.position())
                    .at("parameters.method", e.getMessage())
                    .exception(e);
        }
    }

    private CloakproofException unknown(String method) {
        boolean elsewhere = ALL.methods().containsKey(method)
                || ALL.steps().stream().anyMatch(step -> step.name().equals(method));
        Problem problem = elsewhere
                ? Reason.PACK_MISSING.problem("'" + method
                        + "' needs networks that this server has no model pack for; it has " + methods.keySet())
                : Reason.METHOD_UNKNOWN.problem("expected one of " + methods.keySet() + ", found '" + method + "'");
        return problem.with("method", method)
                .at("parameters.method", "a method of ListPurificationMethods")
                .exception();
    }

    private void add(String name, String description, Map<String, Setting> settings) {
        boolean needsPack = catalogue.parse(name, Preset.PAPER).links().stream()
                .anyMatch(
                        link -> !WITHOUT_PACK.contains(link.step().description().name()));
        methods.put(name, new Method(name, description, needsPack, settings));
    }

    private static String prefix(PurificationStep step) {
        return step.description().name().replace('-', '_') + "_";
    }

    private static CloakproofException invalid(String setting, String message) {
        return Reason.PARAMETER_INVALID
                .problem(message)
                .with("setting", setting)
                .at("parameters.settings." + setting, message)
                .exception();
    }
}
