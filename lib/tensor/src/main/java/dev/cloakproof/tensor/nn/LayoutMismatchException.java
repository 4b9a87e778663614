package dev.cloakproof.tensor.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A checkpoint's names and shapes are not those of the network. The message lists every difference. */
public final class LayoutMismatchException extends RuntimeException {
    private static final int MOST_LISTED = 30;

    private LayoutMismatchException(String message) {
        super(message);
    }

    /**
     * @param expected by name, what the network asks for
     * @param found by name, what the checkpoint has
     * @throws LayoutMismatchException unless both have the same names and shapes
     */
    static void require(String where, Map<String, long[]> expected, Map<String, long[]> found) {
        List<String> differences = new TreeSet<>(union(expected, found))
                .stream()
                        .filter(name -> !Arrays.equals(expected.get(name), found.get(name)))
                        .map(name -> difference(name, expected.get(name), found.get(name)))
                        .toList();
        if (!differences.isEmpty()) {
            String more =
                    differences.size() > MOST_LISTED ? "\n  and " + (differences.size() - MOST_LISTED) + " more" : "";
            throw new LayoutMismatchException(where + " does not fit the network, " + differences.size()
                    + " differences:\n  "
                    + String.join("\n  ", differences.subList(0, Math.min(MOST_LISTED, differences.size())))
                    + more);
        }
    }

    private static TreeSet<String> union(Map<String, long[]> a, Map<String, long[]> b) {
        var names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        return names;
    }

    private static String difference(String name, long[] expected, long[] found) {
        if (found == null) {
            return "missing: " + name + ", expected " + Arrays.toString(expected);
        }
        if (expected == null) {
            return "unexpected: " + name + " " + Arrays.toString(found);
        }
        return "shape: " + name + ", expected " + Arrays.toString(expected) + ", found " + Arrays.toString(found);
    }
}
