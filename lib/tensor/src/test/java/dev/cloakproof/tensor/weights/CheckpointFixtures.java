package dev.cloakproof.tensor.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Python wrote; made by src/test/python/make_weight_fixtures.py. */
final class CheckpointFixtures {
    record Expected(ElementType type, List<Long> shape, byte[] data) {}

    private CheckpointFixtures() {}

    static Path file(String name) {
        try {
            return Path.of(
                    CheckpointFixtures.class.getResource("/weights/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** File to tensor to what Python saved. */
    static Map<String, Map<String, Expected>> expected() {
        try {
            Map<String, Map<String, Expected>> files = new LinkedHashMap<>();
            JsonNode report = new ObjectMapper().readTree(file("expected.json").toFile());
            report.properties().forEach(entry -> files.put(entry.getKey(), tensors(entry.getValue())));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Expected> tensors(JsonNode node) {
        Map<String, Expected> tensors = new LinkedHashMap<>();
        node.properties().forEach(entry -> tensors.put(entry.getKey(), tensor(entry.getValue())));
        return tensors;
    }

    private static Expected tensor(JsonNode node) {
        List<Long> shape = new ArrayList<>();
        node.get("shape").forEach(side -> shape.add(side.asLong()));
        byte[] data = Base64.getDecoder().decode(node.get("data").asText());
        return new Expected(ElementType.valueOf(node.get("type").asText()), shape, data);
    }
}
