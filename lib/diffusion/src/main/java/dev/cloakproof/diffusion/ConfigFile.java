package dev.cloakproof.diffusion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The {@code config.json} of a part of a Hugging Face folder. Getters check types and name the key, what was expected and
 * what was found. A key that is absent or null has the default that the Python library gives it.
 */
public final class ConfigFile {
    /** The Python library writes bare {@code -Infinity}. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final long MAX_BYTES = 1 << 20;

    private final String where;
    private final JsonNode root;

    private ConfigFile(String where, JsonNode root) {
        this.where = where;
        this.root = root;
    }

    /**
     * @throws UnsupportedConfigException if the file is missing, over 1 MiB, or not a JSON object
     */
    public static ConfigFile read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UnsupportedConfigException(file.toString(), "is larger than 1 MiB", null);
            }
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UnsupportedConfigException(file.toString(), "cannot be read: " + e, e);
        }
    }

    /** @param where what to call this text in errors */
    public static ConfigFile parse(String where, String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw new UnsupportedConfigException(where, "is not a JSON object", null);
            }
            return new ConfigFile(where, root);
        } catch (JsonProcessingException e) {
            throw new UnsupportedConfigException(where, "is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    public String where() {
        return where;
    }

    public boolean has(String key) {
        return root.hasNonNull(key);
    }

    /** Whether the key is there and holds a list. */
    public boolean isList(String key) {
        return root.path(key).isArray();
    }

    public String text(String key, String absent) {
        JsonNode node = root.path(key);
        if (!has(key)) {
            return required(key, "a string", absent);
        }
        return node.isTextual() ? node.textValue() : refuse(key, "a string", node);
    }

    /** A whole number of at least 1. */
    public int size(String key, Integer absent) {
        if (!has(key)) {
            return required(key, "a whole number of at least 1", absent);
        }
        return size(key, root.get(key));
    }

    /** A whole number of at least 0. */
    public int count(String key, Integer absent) {
        if (!has(key)) {
            return required(key, "a whole number of at least 0", absent);
        }
        JsonNode node = root.get(key);
        return node.isInt() && node.intValue() >= 0
                ? node.intValue()
                : refuse(key, "a whole number of at least 0", node);
    }

    public double number(String key, Double absent) {
        if (!has(key)) {
            return required(key, "a number", absent);
        }
        JsonNode node = root.get(key);
        return node.isNumber() ? node.doubleValue() : refuse(key, "a number", node);
    }

    public boolean flag(String key, Boolean absent) {
        if (!has(key)) {
            return required(key, "true or false", absent);
        }
        JsonNode node = root.get(key);
        return node.isBoolean() ? node.booleanValue() : refuse(key, "true or false", node);
    }

    public List<String> texts(String key, List<String> absent) {
        if (!has(key)) {
            return required(key, "a list of strings", absent);
        }
        List<String> values = new ArrayList<>();
        for (JsonNode item : list(key)) {
            values.add(item.isTextual() ? item.textValue() : refuse(key, "a list of strings", root.get(key)));
        }
        return values;
    }

    public List<Integer> sizes(String key, List<Integer> absent) {
        if (!has(key)) {
            return required(key, "a list of whole numbers", absent);
        }
        List<Integer> values = new ArrayList<>();
        for (JsonNode item : list(key)) {
            values.add(size(key, item));
        }
        return values;
    }

    public List<Boolean> flags(String key, List<Boolean> absent) {
        if (!has(key)) {
            return required(key, "a list of true or false", absent);
        }
        List<Boolean> values = new ArrayList<>();
        for (JsonNode item : list(key)) {
            values.add(item.isBoolean() ? item.booleanValue() : refuse(key, "a list of true or false", root.get(key)));
        }
        return values;
    }

    /** Refuses every value of {@code key} but those given; absent counts as the first. */
    public String oneOf(String key, String... allowed) {
        String value = text(key, allowed[0]);
        if (!List.of(allowed).contains(value)) {
            throw new UnsupportedConfigException(where, key, "one of " + List.of(allowed), value);
        }
        return value;
    }

    /** Refuses a key of a feature that is not built here, unless it is absent, null, or switched off as given. */
    public void only(String key, Object off) {
        JsonNode node = root.path(key);
        if (has(key) && !node.equals(JSON.valueToTree(off)) && !sameNumber(node, off)) {
            refuse(key, off == null ? "nothing" : off, node);
        }
    }

    public void check(boolean holds, String key, Object expected) {
        if (!holds) {
            refuse(key, expected, root.path(key));
        }
    }

    private static boolean sameNumber(JsonNode node, Object off) {
        return off instanceof Number n && node.isNumber() && node.doubleValue() == n.doubleValue();
    }

    private int size(String key, JsonNode node) {
        return node.isInt() && node.intValue() >= 1
                ? node.intValue()
                : refuse(key, "a whole number of at least 1", node);
    }

    private JsonNode list(String key) {
        JsonNode node = root.get(key);
        return node.isArray() ? node : refuse(key, "a list", node);
    }

    private <T> T required(String key, String expected, T absent) {
        if (absent == null || absent instanceof Collection<?> c && c.isEmpty()) {
            throw new UnsupportedConfigException(where, key, expected, "nothing");
        }
        return absent;
    }

    private <T> T refuse(String key, Object expected, JsonNode found) {
        throw new UnsupportedConfigException(where, key, expected, found.isMissingNode() ? "nothing" : found);
    }
}
