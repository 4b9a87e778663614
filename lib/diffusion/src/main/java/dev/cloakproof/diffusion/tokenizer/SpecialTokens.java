package dev.cloakproof.diffusion.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cloakproof.diffusion.UnsupportedConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens that are never cut, wherever they stand in a text.
 *
 * @param begin the id that every prompt begins with
 * @param end the id that every prompt ends with
 * @param pad the id that fills a prompt up
 * @param ids every special token, and every one added to the vocabulary, with its id
 * @param inCleaned those that the fast tokenizer looks for in the cleaned text, not in the raw one
 */
record SpecialTokens(long begin, long end, long pad, Map<String, Integer> ids, Set<String> inCleaned) {
    /** In the order in which the Python library defines them: of two with one content the later counts. */
    private static final List<String> NAMES = List.of("bos_token", "eos_token", "unk_token", "pad_token");

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads tokenizer_config.json, special_tokens_map.json, and added_tokens.json, each if there; where the first two name
     * a token differently, the map counts.
     */
    static SpecialTokens read(Path folder, Vocabulary vocabulary) {
        Path configFile = folder.resolve("tokenizer_config.json");
        Path mapFile = folder.resolve("special_tokens_map.json");
        Path addedFile = folder.resolve("added_tokens.json");
        JsonNode config = json(configFile);
        JsonNode map = json(mapFile);
        checkClass(configFile.toString(), config);

        var reader = new Reader(vocabulary);
        var roles = new LinkedHashMap<String, Integer>();
        for (String name : NAMES) {
            Path file = map.hasNonNull(name) ? mapFile : configFile;
            JsonNode given = file.equals(mapFile) ? map.get(name) : config.path(name);
            JsonNode token = given.isMissingNode() || given.isNull() ? standard(name) : given;
            roles.put(name, reader.define(file.toString(), name, token));
        }
        for (JsonNode token : map.path("additional_special_tokens")) {
            reader.define(mapFile.toString(), "additional_special_tokens", token);
        }
        for (Map.Entry<String, JsonNode> added :
                config.path("added_tokens_decoder").properties()) {
            int id = reader.define(configFile.toString(), "added_tokens_decoder", added.getValue());
            requireId(configFile.toString(), added.getValue(), added.getKey(), id);
        }
        for (Map.Entry<String, JsonNode> added : json(addedFile).properties()) {
            JsonNode token = JsonNodeFactory.instance.textNode(added.getKey());
            int id = reader.define(addedFile.toString(), added.getKey(), token);
            requireId(addedFile.toString(), token, added.getValue().asText(), id);
        }
        return new SpecialTokens(
                roles.get("bos_token"),
                roles.get("eos_token"),
                roles.get("pad_token"),
                Map.copyOf(reader.ids),
                Set.copyOf(reader.inCleaned));
    }

    private static void checkClass(String where, JsonNode config) {
        JsonNode name = config.path("tokenizer_class");
        if (name.isTextual() && !List.of("CLIPTokenizer", "CLIPTokenizerFast").contains(name.textValue())) {
            throw new UnsupportedConfigException(where, "tokenizer_class", "CLIPTokenizer", name);
        }
        JsonNode length = config.path("model_max_length");
        if (length.isNumber() && length.longValue() != ClipTokenizer.LENGTH) {
            throw new UnsupportedConfigException(where, "model_max_length", ClipTokenizer.LENGTH, length);
        }
    }

    private static JsonNode standard(String name) {
        return JsonNodeFactory.instance.textNode(name.equals("bos_token") ? "<|startoftext|>" : "<|endoftext|>");
    }

    private static void requireId(String where, JsonNode token, String expected, int found) {
        if (!expected.equals(String.valueOf(found))) {
            throw new UnsupportedConfigException(
                    where, token.toString(), "id " + found + ", as in vocab.json", expected);
        }
    }

    private static JsonNode json(Path file) {
        if (Files.notExists(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode root = JSON.readTree(Files.readString(file));
            if (!root.isObject()) {
                throw new UnsupportedConfigException(file.toString(), "is not a JSON object", null);
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new UnsupportedConfigException(file.toString(), "is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UnsupportedConfigException(file.toString(), "cannot be read: " + e, e);
        }
    }

    /** Collects definitions: a string, or an object as the Python library writes an AddedToken. */
    private static final class Reader {
        private final Vocabulary vocabulary;
        private final Map<String, Integer> ids = new LinkedHashMap<>();
        private final Set<String> inCleaned = new HashSet<>();

        Reader(Vocabulary vocabulary) {
            this.vocabulary = vocabulary;
        }

        int define(String where, String key, JsonNode token) {
            JsonNode content = token.isObject() ? token.path("content") : token;
            Integer id = content.isTextual() ? vocabulary.id(content.textValue()) : null;
            if (id == null) {
                throw new UnsupportedConfigException(where, key, "a token of vocab.json", token);
            }
            for (String flag : List.of("lstrip", "rstrip", "single_word")) {
                if (token.path(flag).asBoolean()) {
                    throw new UnsupportedConfigException(where, key, flag + " false", token);
                }
            }
            ids.put(content.textValue(), id);
            if (token.isObject() && token.path("normalized").asBoolean(true)) {
                inCleaned.add(content.textValue());
            } else {
                inCleaned.remove(content.textValue());
            }
            return id;
        }
    }
}
