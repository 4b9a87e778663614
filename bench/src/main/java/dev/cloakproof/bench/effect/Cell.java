package dev.cloakproof.bench.effect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One training of the table.
 *
 * @param budget in levels of 255; 0 where nothing is perturbed
 */
record Cell(int person, Condition condition, double budget) {
    /** All cells, one person after the other, so that a part of the table is a smaller table. */
    static List<Cell> all(int people, List<Double> budgets) {
        List<Cell> cells = new ArrayList<>();
        for (int person = 0; person < people; person++) {
            for (Condition condition : Condition.values()) {
                for (double budget : condition.perturbed() ? budgets : List.of(0.0)) {
                    cells.add(new Cell(person, condition, budget));
                }
            }
        }
        return cells;
    }

    /** The same person and budget under another condition. */
    Cell as(Condition other) {
        return new Cell(person, other, budget);
    }

    /** Its folder's name. */
    String key() {
        return String.format(
                Locale.ROOT, "person-%d/%s-%.0f", person, condition.name().toLowerCase(Locale.ROOT), budget);
    }
}
