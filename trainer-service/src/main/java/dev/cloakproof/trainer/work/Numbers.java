package dev.cloakproof.trainer.work;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses numbers: what the request says wins, then what the pack recommends, then the preset. Remembers which it was.
 */
final class Numbers {
    private final String section;
    private final Map<String, Double> pack;
    private final Map<String, String> sources = new TreeMap<>();

    /**
     * @param section of the parameters and of the pack's defaults, such as {@code training}
     * @param known the names that a pack may bring
     * @throws CloakproofException PACK_DAMAGED if the pack brings another
     */
    Numbers(String section, Map<String, Double> pack, Set<String> known) {
        this.section = section;
        this.pack = pack;
        for (String name : pack.keySet()) {
            if (!known.contains(name)) {
                throw damaged(name, "expected one of " + known);
            }
        }
    }

    /** A number from {@code least} to {@code most}. */
    double number(String name, Optional<Double> asked, double least, double most, double preset) {
        if (asked.isPresent()) {
            sources.put(section + "." + name, "request");
            double value = asked.get();
            if (!(value >= least && value <= most)) {
                String expected = least + " to " + most;
                throw Reason.PARAMETER_INVALID
                        .problem(name + ": expected " + expected + ", found " + value)
                        .at("parameters." + name, expected)
                        .exception();
            }
            return value;
        }
        if (pack.containsKey(name)) {
            sources.put(section + "." + name, "pack");
            double value = pack.get(name);
            if (!(value >= least && value <= most)) {
                throw damaged(name, "expected " + least + " to " + most + ", found " + value);
            }
            return value;
        }
        sources.put(section + "." + name, "preset");
        return preset;
    }

    /** A whole number from {@code least} to {@code most}. */
    int whole(String name, Optional<Integer> asked, int least, int most, int preset) {
        double value = number(name, asked.map(Integer::doubleValue), least, most, preset);
        if (value != Math.rint(value)) {
            throw damaged(name, "expected a whole number, found " + value);
        }
        return (int) value;
    }

    /** Yes or no; a pack says 1 or 0. */
    boolean flag(String name, Optional<Boolean> asked, boolean preset) {
        return number(name, asked.map(yes -> yes ? 1.0 : 0.0), 0, 1, preset ? 1 : 0) != 0;
    }

    /** Where each number came from, by section and name: {@code request}, {@code pack} or {@code preset}. */
    Map<String, String> sources() {
        return sources;
    }

    private CloakproofException damaged(String name, String message) {
        return Reason.PACK_DAMAGED
                .problem("the pack's defaults, " + section + "." + name + ": " + message)
                .exception();
    }
}
