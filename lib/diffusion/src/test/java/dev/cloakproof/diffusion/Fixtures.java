package dev.cloakproof.diffusion;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what {@code src/test/python} made. The reader of cases is on purpose not the product's: it takes only the
 * float32 and int64 tensors that cases consist of.
 */
public final class Fixtures {
    private static final Path ROOT = Path.of("src", "test", "resources", "fixtures");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Fixtures() {}

    /** A folder below {@code fixtures}, such as "schedulers" or "pipeline-sd2/runs". */
    public static Path folder(String name) {
        return ROOT.resolve(name);
    }

    public static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tensors of a case ({@code case.safetensors}) by name, in the current scope. */
    public static Map<String, Tensor> load(Path file) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            int header = Math.toIntExact(bytes.getLong());
            int data = Long.BYTES + header;
            JsonNode index = JSON.readTree(new String(bytes.array(), Long.BYTES, header, StandardCharsets.UTF_8));
            var tensors = new LinkedHashMap<String, Tensor>();
            for (Map.Entry<String, JsonNode> entry : index.properties()) {
                if (!entry.getKey().equals("__metadata__")) {
                    tensors.put(entry.getKey(), tensor(entry.getValue(), bytes, data));
                }
            }
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tensor tensor(JsonNode entry, ByteBuffer bytes, int data) {
        DType type =
                switch (entry.get("dtype").textValue()) {
                    case "F32" -> DType.F32;
                    case "I64" -> DType.I64;
                    default -> throw new IllegalArgumentException("a case has F32 and I64, not " + entry);
                };
        int from = data + entry.at("/data_offsets/0").intValue();
        int to = data + entry.at("/data_offsets/1").intValue();
        var direct = ByteBuffer.allocateDirect(to - from).order(ByteOrder.nativeOrder());
        direct.put(0, bytes, from, to - from);
        long[] shape = new long[entry.get("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = entry.get("shape").get(i).longValue();
        }
        return Tensor.copy(direct, type, shape);
    }
}
