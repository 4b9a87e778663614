package dev.cloakproof.pretraining.text;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.tokenizer.ByteSymbols;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.diffusion.tokenizer.TextCleaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes the pack's tokenizer: a folder that {@link ClipTokenizer} and Hugging Face's CLIPTokenizer read. All bytes are
 * tokens, so that every text has some; end of text has the highest id, as CLIP's text tower expects, and pads.
 */
public final class TokenizerFolder {
    /** How many tokens there are at most. */
    public static final int SIZE = 1536;

    private static final String BEGIN = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final JsonMapper JSON = new JsonMapper();

    private TokenizerFolder() {}

    /** Learns from sentences and writes the folder. */
    public static void write(Path folder, List<String> sentences) throws IOException {
        Map<String, Long> words = new TreeMap<>();
        for (String sentence : sentences) {
            TextCleaning.SLOW.words(sentence).forEach(word -> words.merge(word, 1L, Long::sum));
        }
        List<BytePairTrainer.Pair> merges = BytePairTrainer.merges(words, SIZE - 2 * 256 - 2);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("vocab.json"), JSON.writeValueAsString(vocabulary(merges)) + "\n");
        Files.writeString(
                folder.resolve("merges.txt"),
                merges.stream()
                        .map(pair -> pair.left() + " " + pair.right() + "\n")
                        .collect(Collectors.joining("", "#version: 0.2\n", "")));
        Files.writeString(folder.resolve("tokenizer_config.json"), config().toPrettyString() + "\n");
        Files.writeString(folder.resolve("special_tokens_map.json"), roles().toPrettyString() + "\n");
    }

    private static ObjectNode vocabulary(List<BytePairTrainer.Pair> merges) {
        ObjectNode ids = JsonNodeFactory.instance.objectNode();
        for (String end : List.of("", ByteSymbols.END_OF_WORD)) {
            for (int b = 0; b < 256; b++) {
                ids.put(ByteSymbols.of(b) + end, ids.size());
            }
        }
        for (BytePairTrainer.Pair pair : merges) {
            if (!ids.has(pair.merged())) {
                ids.put(pair.merged(), ids.size());
            }
        }
        ids.put(BEGIN, ids.size());
        return ids.put(END, ids.size());
    }

    private static ObjectNode roles() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("bos_token", BEGIN)
                .put("eos_token", END)
                .put("unk_token", END)
                .put("pad_token", END);
    }

    private static ObjectNode config() {
        return roles().put("tokenizer_class", "CLIPTokenizer")
                .put("model_max_length", ClipTokenizer.LENGTH)
                .put("do_lower_case", true)
                .put("errors", "replace");
    }
}
