package dev.cloakproof.vision.block;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;

/**
 * A network of the pack's own shape: a folder of {@code config.json}, whose keys are the names of the shape's record in
 * lower case with underscores, and {@code model.safetensors}. Published files, whose shape is known, are no folders.
 */
public final class NetworkFolder {
    private static final String CONFIG = "config.json";
    private static final String TYPE = "model_type";

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private NetworkFolder() {}

    /**
     * @param shape a record
     * @throws IllegalArgumentException if {@code config.json} is none of that shape
     */
    public static <C, N extends Network> N load(
            Path folder, Class<C> shape, Placement placement, BiFunction<C, Parameters, N> network) {
        C config = config(folder, shape);
        return Pretrained.load(weights(folder), BatchNorm::parameter, placement, p -> network.apply(config, p));
    }

    /** The weights file of a folder, or the path itself where it is a file. */
    public static Path weights(Path path) {
        return Files.isDirectory(path) ? Pretrained.file(path, "model") : path;
    }

    /** The shape that a folder's {@code config.json} tells; {@code model_type} may stand beside it. */
    public static <C> C config(Path folder, Class<C> shape) {
        Path file = folder.resolve(CONFIG);
        try {
            if (!(JSON.readTree(Files.readString(file)) instanceof ObjectNode node)) {
                throw new IllegalArgumentException(file + ": not a JSON object");
            }
            node.remove(TYPE);
            return JSON.treeToValue(node, shape);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /**
     * Writes {@code config.json}.
     *
     * @param type what it is, for people and other programs
     * @param config a record
     */
    public static void writeConfig(Path folder, String type, Object config) throws IOException {
        ObjectNode node = JSON.createObjectNode().put(TYPE, type);
        node.setAll(JSON.<ObjectNode>valueToTree(config));
        write(folder, node);
    }

    /** Writes {@code config.json} as it is. */
    public static void write(Path folder, ObjectNode node) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(CONFIG), node.toPrettyString() + "\n");
    }
}
