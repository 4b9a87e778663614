package dev.cloakproof.diffusion.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.diffusion.UnsupportedConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens with their ids, and the pairs of tokens that merge into another, by rank. Every byte is a token, and again with
 * {@value #END_OF_WORD} behind it, so that no text is unknown.
 *
 * <p>Source: Sennrich et al. 2016 on bytes (Radford et al. 2019); openai/CLIP clip/simple_tokenizer.py.
 */
final class Vocabulary {
    static final String END_OF_WORD = ByteSymbols.END_OF_WORD;

    /** 49152 tokens less the 256 bytes and the two special ones; the Python library reads no further. */
    private static final int MAX_MERGES = 49152 - 256 - 2;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, Integer> ids;
    private final String[] tokens;

    /** By byte: its token within a word, and at a word's end. */
    private final int[] inner = new int[256];

    private final int[] last = new int[256];

    private final Merges merges = new Merges(MAX_MERGES);

    private Vocabulary(Map<String, Integer> ids, String[] tokens) {
        this.ids = ids;
        this.tokens = tokens;
    }

    /** Reads vocab.json and merges.txt. */
    static Vocabulary read(Path folder) {
        Path vocab = folder.resolve("vocab.json");
        Path merges = folder.resolve("merges.txt");
        Vocabulary vocabulary = parse(vocab.toString(), text(vocab));
        vocabulary.addBytes(vocab.toString());
        vocabulary.addMerges(merges.toString(), text(merges));
        return vocabulary;
    }

    /** @return the id, or null */
    Integer id(String token) {
        return ids.get(token);
    }

    int size() {
        return tokens.length;
    }

    /** Includes {@value #END_OF_WORD}; bytes are in their printable form ({@link ByteSymbols}). */
    String token(long id) {
        if (id < 0 || id >= tokens.length) {
            throw new IllegalArgumentException("id: expected 0 to " + (tokens.length - 1) + ", found " + id);
        }
        return tokens[(int) id];
    }

    /** The tokens of one word that is not empty. */
    int[] encode(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        var symbols = new int[bytes.length];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = inner[bytes[i] & 0xFF];
        }
        symbols[symbols.length - 1] = last[bytes[bytes.length - 1] & 0xFF];
        return BytePairs.merge(symbols, merges);
    }

    private static Vocabulary parse(String where, String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UnsupportedConfigException(where, "is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject() || root.isEmpty()) {
            throw new UnsupportedConfigException(where, "is not a JSON object of tokens", null);
        }
        var ids = HashMap.<String, Integer>newHashMap(root.size());
        var tokens = new String[root.size()];
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            JsonNode id = entry.getValue();
            String token = entry.getKey();
            if (!id.isInt() || id.intValue() < 0 || id.intValue() >= tokens.length) {
                throw new UnsupportedConfigException(where, token, "an id below " + tokens.length, id);
            }
            if (tokens[id.intValue()] != null) {
                throw new UnsupportedConfigException(
                        where, token, "an id of its own", id + ", which is that of '" + tokens[id.intValue()] + "'");
            }
            tokens[id.intValue()] = token;
            ids.put(token, id.intValue());
        }
        return new Vocabulary(ids, tokens);
    }

    private void addBytes(String where) {
        for (int b = 0; b < inner.length; b++) {
            inner[b] = required(where, ByteSymbols.of(b));
            last[b] = required(where, ByteSymbols.of(b) + END_OF_WORD);
        }
    }

    private void addMerges(String where, String text) {
        List<String> lines = text.strip().lines().toList();
        if (lines.isEmpty() || !lines.getFirst().contains("#version")) {
            throw new UnsupportedConfigException(where, "does not begin with a line of #version", null);
        }
        for (int rank = 0; rank < Math.min(lines.size() - 1, MAX_MERGES); rank++) {
            String[] pair = lines.get(rank + 1).split(" ", -1);
            String place = where + " line " + (rank + 2);
            if (pair.length != 2) {
                throw new UnsupportedConfigException(
                        place, "expected two tokens, found " + Arrays.toString(pair), null);
            }
            merges.add(required(place, pair[0]), required(place, pair[1]), rank, required(place, pair[0] + pair[1]));
        }
    }

    private int required(String where, String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new UnsupportedConfigException(
                    where, "needs the token '" + token + "', which vocab.json lacks", null);
        }
        return id;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UnsupportedConfigException(file.toString(), "cannot be read: " + e, e);
        }
    }
}
