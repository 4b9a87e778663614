package dev.cloakproof.pretraining.perception;

import dev.cloakproof.pretraining.lesson.HalfPrecision;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.block.BatchNorm;
import dev.cloakproof.vision.block.NetworkFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** How the weights of networks that look begin, what of them is trained, and how packs hold them. */
final class Weights {
    private Weights() {}

    /**
     * Convolutions whose outputs, behind a ReLU, spread as their inputs do (He et al. 2015): a network without
     * normalisation would fall silent with PyTorch's smaller ones.
     */
    static Parameters drawn(long seed) {
        var generator = Generator.seeded(seed);
        return Parameters.from((name, init, shape) -> {
            if (shape.length == 4) {
                return Init.normal(Math.sqrt(2.0 / (shape[1] * shape[2] * shape[3])))
                        .draw(generator, shape);
            }
            return name.endsWith(".bias") ? Tensor.zeros(shape) : init.draw(generator, shape);
        });
    }

    /**
     * Matrices that keep the spread of what they are given. With PyTorch's smaller ones a transformer's last token knows
     * next to nothing of the others at first, and takes a thousand steps to learn to look.
     */
    static Parameters transformer(long seed) {
        var generator = Generator.seeded(seed);
        return Parameters.from((name, init, shape) -> {
            boolean matrix = shape.length == 2 && !name.contains("embedding");
            if (matrix) {
                return Init.normal(1 / Math.sqrt(shape[1])).draw(generator, shape);
            }
            return name.endsWith(".bias") ? Tensor.zeros(shape) : init.draw(generator, shape);
        });
    }

    /** What gradients reach. */
    static Map<String, Tensor> learned(Network network) {
        return only(network, name -> !BatchNorm.isStatistic(name));
    }

    /** Running statistics. */
    static Map<String, Tensor> statistics(Network network) {
        return only(network, BatchNorm::isStatistic);
    }

    private static Map<String, Tensor> only(Network network, Predicate<String> wanted) {
        Map<String, Tensor> found = new LinkedHashMap<>(network.parameters().all());
        found.keySet().removeIf(wanted.negate());
        return found;
    }

    /** {@code config.json} and {@code model.safetensors}. */
    static void save(Path folder, String type, Object config, Network network, Map<String, String> metadata)
            throws IOException {
        NetworkFolder.writeConfig(folder, type, config);
        HalfPrecision.save(
                folder.resolve("model.safetensors"), network.parameters().all(), metadata);
    }
}
