package dev.cloakproof.vision;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Weights that need no file: each is told from its name, its shape and the case's seed, by the same random generator as
 * in {@code store.py}. So networks of full published size are compared without a weights file.
 */
public final class SeededWeights {
    private SeededWeights() {}

    public static Parameters of(long seed) {
        return Parameters.from((name, _, shape) -> weight(name, shape, seed));
    }

    /** The same values as {@code dtype}. */
    public static Parameters of(long seed, DType dtype) {
        return Parameters.from((name, _, shape) -> weight(name, shape, seed).to(dtype));
    }

    private static Tensor weight(String name, long[] shape, long seed) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        Generator generator = Generator.seeded(crc.getValue() + seed);
        if (name.endsWith("running_var")) {
            return generator.uniform(shape).add(0.5);
        }
        Tensor noise = generator.normal(shape);
        if (shape.length >= 2) {
            long fanIn = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
            return noise.div(Math.sqrt(fanIn));
        }
        return name.endsWith("weight") ? noise.mul(0.2).add(1) : noise.mul(0.1);
    }
}
