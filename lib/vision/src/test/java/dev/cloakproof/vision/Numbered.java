package dev.cloakproof.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.nn.Layout;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.weights.ElementType;
import dev.cloakproof.tensor.weights.SafetensorsWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Files whose n-th tensor is n everywhere show whether each parameter got the tensor of its name. */
public final class Numbered {
    private Numbered() {}

    /**
     * Writes a file in which a network can be found.
     *
     * @param prefix what the file's names begin with beyond those of the network
     * @param extra a tensor that is no parameter, or null
     */
    public static Path write(Path file, Function<Parameters, ?> network, String prefix, String extra) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (Map.Entry<String, long[]> entry : Layout.of(network).entrySet()) {
            tensors.add(tensor(prefix + entry.getKey(), tensors.size(), entry.getValue()));
        }
        if (extra != null) {
            tensors.add(tensor(prefix + extra, -1, new long[] {1}));
        }
        SafetensorsWriter.write(file, tensors, Map.of());
        return file;
    }

    private static SafetensorsWriter.Tensor tensor(String name, float value, long[] shape) {
        int elements = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
        ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            bytes.putFloat(value);
        }
        List<Long> sizes = Arrays.stream(shape).boxed().toList();
        return new SafetensorsWriter.Tensor(name, ElementType.F32, sizes, () -> MemorySegment.ofBuffer(bytes.flip()));
    }

    public static void check(Network network) {
        int n = 0;
        for (var entry : network.parameters().all().entrySet()) {
            float[] values = entry.getValue().toFloats();
            assertThat(values[0]).as(entry.getKey()).isEqualTo(n);
            assertThat(values[values.length - 1]).as(entry.getKey()).isEqualTo(n);
            n++;
        }
    }
}
