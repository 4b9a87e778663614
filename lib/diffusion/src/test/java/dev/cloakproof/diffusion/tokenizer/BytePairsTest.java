package dev.cloakproof.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytePairsTest {
    /** The published loop: all places of the pair of the lowest rank, from left to right, again and again. */
    private static int[] slowly(int[] word, List<int[]> merges) {
        List<Integer> symbols = new ArrayList<>();
        for (int symbol : word) {
            symbols.add(symbol);
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int rank = 0; rank < merges.size() && !changed; rank++) {
                int[] merge = merges.get(rank);
                for (int i = 0; i + 1 < symbols.size(); i++) {
                    if (symbols.get(i) == merge[0] && symbols.get(i + 1) == merge[1]) {
                        symbols.set(i, merge[2]);
                        symbols.remove(i + 1);
                        changed = true;
                    }
                }
            }
        }
        return symbols.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void mergesAsThePublishedLoopDoes() {
        var random = new Random(11);
        for (int round = 0; round < 300; round++) {
            // three letters, and merges of what is there already
            List<int[]> list = new ArrayList<>();
            var table = new Merges(20);
            for (int rank = 0; rank < 20; rank++) {
                int left = random.nextInt(3 + rank);
                int right = random.nextInt(3 + rank);
                if (table.find(left, right) == Merges.NONE) {
                    table.add(left, right, rank, 3 + rank);
                }
                list.add(new int[] {left, right, Merges.merged(table.find(left, right))});
            }
            int[] word = random.ints(1 + random.nextInt(40), 0, 3).toArray();
            assertThat(BytePairs.merge(word.clone(), table)).containsExactly(slowly(word, list));
        }
    }

    @Test
    void theFirstRankOfAPairCounts() {
        var table = new Merges(3);
        table.add(1, 2, 5, 9);
        table.add(1, 2, 6, 10);
        long found = table.find(1, 2);
        assertThat(Merges.rank(found)).isEqualTo(5);
        assertThat(Merges.merged(found)).isEqualTo(9);
        assertThat(table.find(2, 1)).isEqualTo(Merges.NONE);
        assertThat(table.find(0, 0)).isEqualTo(Merges.NONE);
    }

    @Test
    void aHeapGivesItsItemsInOrder() {
        long[] items = new Random(1).longs(1000, 0, 500).toArray();
        var heap = new LongHeap(1);
        for (long item : items) {
            heap.add(item);
        }
        var sorted = new ArrayList<Long>();
        while (!heap.isEmpty()) {
            sorted.add(heap.poll());
        }
        assertThat(sorted).hasSize(1000).isSorted();
    }
}
