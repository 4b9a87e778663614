package dev.cloakproof.tensor.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Gives a network many inputs in batches that fit together and into memory. */
public final class Batches {
    private Batches() {}

    /** As {@link #alike} for items that all fit together, {@code most} at a time. */
    public static <T, R> List<R> of(List<T> items, int most, Function<List<T>, List<R>> network) {
        return alike(items, _ -> "", _ -> most, network);
    }

    /**
     * Calls a function with items of one kind only, such as pictures of one size.
     *
     * @param kind what items of one batch have in common
     * @param most how many items like the given one go into a batch, 1 or more
     * @param network gives one result an item, in order
     * @return one result an item, in the order of the items
     */
    public static <T, R> List<R> alike(
            List<T> items, Function<T, Object> kind, ToIntFunction<T> most, Function<List<T>, List<R>> network) {
        Map<Object, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            places.computeIfAbsent(kind.apply(items.get(i)), _ -> new ArrayList<>())
                    .add(i);
        }
        List<R> results = new ArrayList<>(Collections.nCopies(items.size(), null));
        for (List<Integer> same : places.values()) {
            int size = Math.max(1, most.applyAsInt(items.get(same.getFirst())));
            for (int at = 0; at < same.size(); at += size) {
                List<Integer> batch = same.subList(at, Math.min(at + size, same.size()));
                List<R> made = network.apply(batch.stream().map(items::get).toList());
                if (made.size() != batch.size()) {
                    throw new IllegalStateException(made.size() + " results of " + batch.size() + " items");
                }
                for (int i = 0; i < made.size(); i++) {
                    results.set(batch.get(i), made.get(i));
                }
            }
        }
        return results;
    }
}
