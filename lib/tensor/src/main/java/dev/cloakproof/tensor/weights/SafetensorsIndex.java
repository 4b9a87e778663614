package dev.cloakproof.tensor.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a checkpoint split into shards: an index names the file of each tensor.
 *
 * <p>Shards are plain file names beside the index. The index decides: tensors of a shard that it doesn't name are left
 * out. Source: huggingface_hub, {@code serialization/_base.py} ({@code weight_map}).
 */
final class SafetensorsIndex {
    /** A real index has some 100 bytes a tensor; this is room for 300,000 tensors. */
    private static final long MAX_LENGTH = 32L << 20;

    /** No separators of any system, and not "." or "..": nothing that leads elsewhere. */
    private static final Pattern PLAIN_NAME = Pattern.compile("(?!\\.{1,2}$)[^/\\\\:\\x00]+");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private SafetensorsIndex() {}

    static CheckpointContents read(MappedFile index, FileMapper files) {
        JsonNode root = parse(index);
        Map<String, String> shardOfTensor = weightMap(index, root.path("weight_map"));
        Map<String, CheckpointContents> shards = shards(index, shardOfTensor, files);

        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        shardOfTensor.forEach((tensor, shard) -> {
            TensorEntry entry = shards.get(shard).entries().get(tensor);
            if (entry == null) {
                throw index.malformed("tensor '" + tensor + "' is not in its shard " + shard);
            }
            entries.put(tensor, entry);
        });
        return new CheckpointContents(entries, metadata(root.path("metadata")));
    }

    private static JsonNode parse(MappedFile index) {
        if (index.size() > MAX_LENGTH) {
            throw new CheckpointException(
                    Reason.TOO_LARGE,
                    index.path(),
                    "index of %d bytes, at most %d are read".formatted(index.size(), MAX_LENGTH));
        }
        try (Reader text = Utf8Text.of(index.bytes())) {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    Reason.MALFORMED, index.path(), "index is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(Reason.MALFORMED, index.path(), "index is not UTF-8", e);
        }
    }

    private static Map<String, String> weightMap(MappedFile index, JsonNode node) {
        if (!node.isObject() || node.isEmpty()) {
            throw index.malformed("expected an object 'weight_map' of tensor to file, found " + node.getNodeType());
        }
        Map<String, String> shardOfTensor = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            JsonNode shard = entry.getValue();
            if (!shard.isTextual()) {
                throw index.malformed("the shard of tensor '" + entry.getKey() + "' is " + shard.getNodeType());
            }
            if (!PLAIN_NAME.matcher(shard.textValue()).matches()) {
                throw new CheckpointException(
                        Reason.SHARDS,
                        index.path(),
                        "the shard of tensor '%s' must be a plain file name, found '%s'"
                                .formatted(entry.getKey(), shard.textValue()));
            }
            shardOfTensor.put(entry.getKey(), shard.textValue());
        });
        return shardOfTensor;
    }

    private static Map<String, CheckpointContents> shards(
            MappedFile index, Map<String, String> shardOfTensor, FileMapper files) {
        TreeSet<String> names = new TreeSet<>(shardOfTensor.values());
        List<String> missing = names.stream()
                .filter(name -> !Files.exists(index.path().resolveSibling(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw new CheckpointException(
                    Reason.SHARDS,
                    index.path(),
                    "%d of %d shards are missing: %s"
                            .formatted(missing.size(), names.size(), String.join(", ", missing)));
        }
        return names.stream().collect(Collectors.toMap(Function.identity(), name -> {
            Path shard = index.path().resolveSibling(name);
            return SafetensorsReader.read(files.map(shard));
        }));
    }

    private static Map<String, String> metadata(JsonNode node) {
        Map<String, String> metadata = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (entry.getValue().isValueNode()) {
                metadata.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return metadata;
    }
}
