package dev.cloakproof.cli;

import dev.cloakproof.diffusion.ConfigFile;
import dev.cloakproof.diffusion.UnsupportedConfigException;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.diffusion.vae.Posterior;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Placement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A network that is run by the names of its inputs.
 *
 * @param kind the Python library's name of the class
 * @param inputs every name it knows
 * @param body from inputs to outputs by name, the main output first
 */
record ProbedNetwork(String kind, Network network, List<String> inputs, UnaryOperator<Map<String, Tensor>> body)
        implements AutoCloseable {

    /** Loads what {@code config.json} names. */
    static ProbedNetwork load(Path folder, Placement placement) {
        ConfigFile config = ConfigFile.read(folder.resolve("config.json"));
        String kind = config.has("_class_name")
                ? config.text("_class_name", null)
                : config.texts("architectures", List.of("?")).getFirst();
        return switch (kind) {
            case "UNet2DConditionModel" -> of(kind, UNet.load(folder, placement));
            case "AutoencoderKL" -> of(kind, Autoencoder.load(folder, placement));
            case "CLIPTextModel", "CLIPTextModelWithProjection" -> of(kind, ClipTextEncoder.load(folder, placement));
            default ->
                throw new UnsupportedConfigException(
                        config.where(), "_class_name", "UNet2DConditionModel, AutoencoderKL or CLIPTextModel", kind);
        };
    }

    private static ProbedNetwork of(String kind, UNet unet) {
        return new ProbedNetwork(
                kind,
                unet,
                List.of("sample", "timestep", "encoder_hidden_states", "class_labels"),
                in -> Map.of(
                        "sample",
                        unet.predict(
                                wanted(in, "sample"),
                                wanted(in, "timestep"),
                                wanted(in, "encoder_hidden_states"),
                                in.get("class_labels"),
                                Segments.DIRECT)));
    }

    private static ProbedNetwork of(String kind, Autoencoder vae) {
        return new ProbedNetwork(kind, vae, List.of("pixels", "latents"), in -> {
            Map<String, Tensor> out = new LinkedHashMap<>();
            if (in.containsKey("pixels") == in.containsKey("latents")) {
                throw new IllegalArgumentException(
                        "an autoencoder takes one of 'pixels' and 'latents', found " + in.keySet());
            }
            if (in.containsKey("latents")) {
                out.put("decoded", vae.decode(in.get("latents")));
            } else {
                Posterior posterior = vae.encode(in.get("pixels"));
                out.put("mean", posterior.mean());
                out.put("logvar", posterior.logVariance());
            }
            return out;
        });
    }

    private static ProbedNetwork of(String kind, ClipTextEncoder encoder) {
        return new ProbedNetwork(
                kind, encoder, List.of("ids"), in -> Map.of("last_hidden_state", encoder.encode(wanted(in, "ids"))));
    }

    Map<String, Tensor> run(Map<String, Tensor> given) {
        return body.apply(given);
    }

    private static Tensor wanted(Map<String, Tensor> given, String name) {
        Tensor tensor = given.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the inputs lack '" + name + "', found " + given.keySet());
        }
        return tensor;
    }

    @Override
    public void close() {
        network.close();
    }
}
