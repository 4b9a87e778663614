package dev.cloakproof.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs one network on given tensors, so that anyone can hold a checkpoint against another implementation. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one network of a model folder on given tensors.",
            "",
            "The network's folder holds config.json and weights as Hugging Face publishes them. Inputs are named as in"
                    + " the Python library, with or without the prefix 'in.':",
            "  UNet2DConditionModel   sample, timestep, encoder_hidden_states[, class_labels] -> sample",
            "  AutoencoderKL          pixels -> mean, logvar; or latents -> decoded",
            "  CLIPTextModel          ids -> last_hidden_state",
            "Outputs get the prefix 'out.'. With --grad a further input 'probe' of the first output's shape is wanted,"
                    + " and d sum(output * probe) is written as 'grad.in.NAME' and 'grad.param.KEY'."
        })
final class Probe implements Callable<Integer> {
    @Option(names = "--pack", required = true, description = "the model's folder")
    private Path pack;

    @Option(names = "--net", required = true, description = "the network's folder in it, such as unet; . for itself")
    private String net;

    @Option(names = "--inputs", required = true, description = "a safetensors file")
    private Path inputs;

    @Option(names = "--outputs", required = true, description = "the safetensors file to write")
    private Path outputs;

    @Option(names = "--grad", description = "gradients to every input and parameter too")
    private boolean grad;

    @Option(names = "--dtype", defaultValue = "F32", description = "F32, BF16 or F16 (default: ${DEFAULT-VALUE})")
    private DType dtype;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu:n (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--json", description = "say what was written as JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var placement = new Placement(dtype, Device.of(device), grad);
        try (var _ = Scope.open();
                ProbedNetwork network = ProbedNetwork.load(pack.resolve(net).normalize(), placement)) {
            Map<String, Tensor> given = given(network, placement);
            long begun = System.nanoTime();
            Map<String, Tensor> found = grad ? withGradients(network, given) : network.run(given);
            double seconds = (System.nanoTime() - begun) / 1e9;
            Map<String, Tensor> written = new LinkedHashMap<>();
            found.forEach((name, tensor) ->
                    written.put(name.startsWith("grad.") ? name : "out." + name, tensor.to(DType.F32)));
            Pretrained.save(outputs, written, Map.of("network", network.kind(), "dtype", dtype.name()));
            report(network, written, seconds);
            return 0;
        }
    }

    /** Floating inputs in the network's type, on its device. */
    private Map<String, Tensor> given(ProbedNetwork network, Placement placement) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        Pretrained.tensors(inputs).forEach((name, tensor) -> {
            String plain = name.startsWith("in.") ? name.substring(3) : name;
            if (network.inputs().contains(plain) || grad && plain.equals("probe")) {
                Tensor placed = tensor.to(placement.device());
                given.put(plain, tensor.dtype().isFloating() ? placed.to(placement.dtype()) : placed);
            }
        });
        return given;
    }

    private static Map<String, Tensor> withGradients(ProbedNetwork network, Map<String, Tensor> given) {
        Tensor probe = given.remove("probe");
        if (probe == null) {
            throw new IllegalArgumentException("--grad needs an input 'probe' of the output's shape");
        }
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        Map<String, Tensor> variables = new LinkedHashMap<>();
        given.forEach((name, tensor) -> {
            Tensor variable = tensor.dtype().isFloating() ? Autograd.variable(tensor) : tensor;
            variables.put(name, variable);
            if (variable != tensor) {
                leaves.put("grad.in." + name, variable);
            }
        });
        network.network().parameters().require(true);
        network.network().parameters().all().forEach((key, parameter) -> leaves.put("grad.param." + key, parameter));
        Map<String, Tensor> found = new LinkedHashMap<>(network.run(variables));
        Tensor output = found.values().iterator().next();
        List<Tensor> gradients =
                Autograd.grad(List.of(output), List.of(probe), new ArrayList<>(leaves.values()), false);
        int i = 0;
        for (String name : leaves.keySet()) {
            found.put(name, gradients.get(i++));
        }
        return found;
    }

    private void report(ProbedNetwork network, Map<String, Tensor> written, double seconds) {
        var out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("network", network.kind()).put("seconds", seconds).put("outputs", outputs.toString());
            written.forEach((name, tensor) -> node.withObject("/tensors").put(name, tensor.toString()));
            out.println(node);
            return;
        }
        out.printf("%s: %.3f s, %d tensors in %s%n", network.kind(), seconds, written.size(), outputs);
        written.forEach((name, tensor) -> {
            if (!name.startsWith("grad.param.")) {
                out.println("  " + name + " " + tensor);
            }
        });
    }
}
