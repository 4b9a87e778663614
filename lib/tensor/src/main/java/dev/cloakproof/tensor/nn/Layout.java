package dev.cloakproof.tensor.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The names and shapes that a network asks for, found by building it without values. */
public final class Layout {
    private Layout() {}

    public static Map<String, long[]> of(Function<Parameters, ?> network) {
        var shapes = new LinkedHashMap<String, long[]>();
        try (var parameters = Parameters.from((name, _, shape) -> {
            shapes.put(name, shape);
            return null;
        })) {
            network.apply(parameters);
        }
        return shapes;
    }
}
