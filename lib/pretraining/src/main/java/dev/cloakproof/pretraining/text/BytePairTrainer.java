package dev.cloakproof.pretraining.text;

import dev.cloakproof.diffusion.tokenizer.ByteSymbols;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns which neighbouring tokens to merge: always the pair that is met most often (Sennrich et al. 2016), on bytes, with
 * a word's last byte marked as CLIP marks it. The same words give the same merges.
 */
final class BytePairTrainer {
    /** Two tokens that become one. */
    record Pair(String left, String right) {
        String merged() {
            return left + right;
        }
    }

    private record Word(List<String> tokens, long count) {}

    private BytePairTrainer() {}

    /**
     * @param words how often each is met
     * @param most merges; fewer are learned where every word has become one token
     * @return in the order in which they are to be applied
     */
    static List<Pair> merges(Map<String, Long> words, int most) {
        List<Word> corpus = new ArrayList<>();
        words.forEach((word, count) -> corpus.add(new Word(symbols(word), count)));
        List<Pair> merges = new ArrayList<>();
        while (merges.size() < most) {
            Map<Pair, Long> counts = new LinkedHashMap<>();
            for (Word word : corpus) {
                for (int i = 0; i + 1 < word.tokens.size(); i++) {
                    counts.merge(new Pair(word.tokens.get(i), word.tokens.get(i + 1)), word.count, Long::sum);
                }
            }
            if (counts.isEmpty()) {
                break;
            }
            Pair best = counts.entrySet().stream()
                    .max(Map.Entry.<Pair, Long>comparingByValue()
                            .thenComparing(Map.Entry::getKey, Comparator.comparing(Pair::merged))
                            .thenComparing(entry -> entry.getKey().left()))
                    .orElseThrow()
                    .getKey();
            corpus.forEach(word -> join(word.tokens, best));
            merges.add(best);
        }
        return merges;
    }

    /** One token a byte, the last one marked. */
    private static List<String> symbols(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        List<String> symbols = new ArrayList<>();
        for (byte b : bytes) {
            symbols.add(ByteSymbols.of(b & 0xFF));
        }
        symbols.addLast(symbols.removeLast() + ByteSymbols.END_OF_WORD);
        return symbols;
    }

    private static void join(List<String> tokens, Pair pair) {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).equals(pair.left) && tokens.get(i + 1).equals(pair.right)) {
                tokens.set(i, pair.merged());
                tokens.remove(i + 1);
            }
        }
    }
}
