package dev.cloakproof.diffusion.tokenizer;

import java.util.Arrays;

/** A binary heap of plain numbers, the least on top. */
final class LongHeap {
    private long[] items;
    private int size;

    LongHeap(int capacity) {
        items = new long[Math.max(1, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, 2 * size);
        }
        int place = size++;
        while (place > 0 && items[(place - 1) / 2] > item) {
            items[place] = items[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        items[place] = item;
    }

    /** Takes the least; there must be one. */
    long poll() {
        long least = items[0];
        long item = items[--size];
        int place = 0;
        for (int child = 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && items[child + 1] < items[child]) {
                child++;
            }
            if (item <= items[child]) {
                break;
            }
            items[place] = items[child];
            place = child;
        }
        items[place] = item;
        return least;
    }
}
