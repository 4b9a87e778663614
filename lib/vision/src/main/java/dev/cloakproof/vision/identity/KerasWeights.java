package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Layout;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Weights that Keras saved as HDF5. The file's attributes say which layers there are and in what order; a network takes
 * them in that order, whatever their names. Kernels (height, width, in, out) become (out, in, height, width).
 */
final class KerasWeights {
    private KerasWeights() {}

    /** @throws IllegalArgumentException if the file is none, or layers or shapes differ from the network's */
    static <N extends Network> N load(Path file, Placement placement, Function<Parameters, N> network) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": no such file");
        }
        try (var hdf = new HdfFile(file)) {
            List<Dataset> datasets = datasets(hdf, file);
            Map<String, long[]> expected = Layout.of(network);
            if (datasets.size() != expected.size()) {
                throw new IllegalArgumentException(
                        file + ": expected " + expected.size() + " weights, found " + datasets.size());
            }
            List<String> names = new ArrayList<>(expected.keySet());
            Parameters parameters = Parameters.from(
                    (name, _, shape) -> tensor(datasets.get(names.indexOf(name)), name, shape, placement, file));
            try {
                return network.apply(parameters);
            } catch (Throwable e) {
                parameters.close();
                throw e;
            }
        } catch (HdfException e) {
            throw new IllegalArgumentException(file + ": not an HDF5 file that can be read: " + e.getMessage(), e);
        }
    }

    private static List<Dataset> datasets(HdfFile hdf, Path file) {
        Node inside = hdf.getChild("model_weights");
        Group root = inside instanceof Group group ? group : hdf;
        List<Dataset> datasets = new ArrayList<>();
        for (String layer : strings(root, "layer_names", file)) {
            if (!(root.getChild(layer) instanceof Group group)) {
                throw new IllegalArgumentException(file + ": no group for the layer '" + layer + "'");
            }
            for (String weight : strings(group, "weight_names", file)) {
                datasets.add(group.getDatasetByPath(weight));
            }
        }
        return datasets;
    }

    private static List<String> strings(Node node, String name, Path file) {
        if (node.getAttribute(name) == null) {
            throw new IllegalArgumentException(
                    file + ": not a file of Keras: '" + node.getPath() + "' has no attribute " + name);
        }
        // An empty list comes as something other than text.
        Object data = node.getAttribute(name).isEmpty()
                ? null
                : node.getAttribute(name).getData();
        return data instanceof String[] texts ? Arrays.asList(texts) : List.of();
    }

    private static Tensor tensor(Dataset dataset, String name, long[] shape, Placement placement, Path file) {
        long[] stored = Arrays.stream(dataset.getDimensions()).asLongStream().toArray();
        long[] turned = stored.length == 4 ? new long[] {stored[3], stored[2], stored[0], stored[1]} : stored;
        if (!Arrays.equals(turned, shape)) {
            throw new IllegalArgumentException(file + ": '" + dataset.getPath() + "' for " + name + ", expected "
                    + Arrays.toString(shape) + ", found " + Arrays.toString(turned));
        }
        if (!(dataset.getDataFlat() instanceof float[] values)) {
            throw new IllegalArgumentException(file + ": '" + dataset.getPath() + "' is not float32");
        }
        return Scope.result(() -> {
            Tensor tensor = Tensor.of(values, stored);
            if (!tensor.allFinite()) {
                throw new IllegalArgumentException(file + ": '" + dataset.getPath() + "' has NaN or infinite elements");
            }
            Tensor ordered = stored.length == 4 ? tensor.permute(3, 2, 0, 1).contiguous() : tensor;
            return ordered.to(placement.dtype()).to(placement.device());
        });
    }
}
