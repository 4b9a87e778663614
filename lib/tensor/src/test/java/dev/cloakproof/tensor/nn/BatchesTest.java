package dev.cloakproof.tensor.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void itemsOfOneKindGoTogetherAndResultsKeepTheOrder() {
        List<List<String>> seen = new ArrayList<>();
        List<String> results = Batches.alike(
                List.of("a", "bb", "c", "d", "ee", "f"), String::length, word -> word.length() == 1 ? 3 : 1, batch -> {
                    seen.add(batch);
                    return batch.stream().map(word -> word + "!").toList();
                });
        assertThat(results).containsExactly("a!", "bb!", "c!", "d!", "ee!", "f!");
        assertThat(seen).containsExactly(List.of("a", "c", "d"), List.of("f"), List.of("bb"), List.of("ee"));
    }

    @Test
    void nothingIsNotAsked() {
        assertThat(Batches.of(List.of(), 4, _ -> {
                    throw new AssertionError("asked");
                }))
                .isEmpty();
    }

    @Test
    void aNetworkThatLosesAnItemIsFound() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Batches.of(List.of(1, 2), 4, _ -> List.of(1)))
                .withMessage("1 results of 2 items");
    }
}
