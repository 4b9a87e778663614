package dev.cloakproof.diffusion.pipeline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.scheduler.SchedulerConfig;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.tensor.nn.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A latent diffusion model: what a Hugging Face folder of Stable Diffusion holds. Owns its networks; serves several runs
 * at once.
 *
 * @param folder where it was loaded from
 */
public record StableDiffusion(
        Path folder,
        ClipTokenizer tokenizer,
        ClipTextEncoder textEncoder,
        UNet unet,
        Autoencoder vae,
        SchedulerConfig scheduler)
        implements AutoCloseable {

    /** Loads a folder with {@code tokenizer}, {@code text_encoder}, {@code unet}, {@code vae} and {@code scheduler}. */
    public static StableDiffusion load(Path folder, Placement placement) {
        return load(folder, placement, placement);
    }

    /** As above; the autoencoder, which loses most to half precision, placed on its own. */
    public static StableDiffusion load(Path folder, Placement placement, Placement vaePlacement) {
        ClipTokenizer tokenizer = ClipTokenizer.load(folder.resolve("tokenizer"));
        SchedulerConfig scheduler =
                SchedulerConfig.read(folder.resolve("scheduler").resolve("scheduler_config.json"));
        ClipTextEncoder textEncoder = null;
        UNet unet = null;
        try {
            textEncoder = ClipTextEncoder.load(folder.resolve("text_encoder"), placement);
            unet = UNet.load(folder.resolve("unet"), placement);
            Autoencoder vae = Autoencoder.load(folder.resolve("vae"), vaePlacement);
            return new StableDiffusion(folder, tokenizer, textEncoder, unet, vae, scheduler);
        } catch (Throwable e) {
            if (unet != null) {
                unet.close();
            }
            if (textEncoder != null) {
                textEncoder.close();
            }
            throw e;
        }
    }

    /**
     * Writes the model as it is now into a folder that the Python library opens.
     *
     * @param target another folder than {@link #folder}, whose mapped weights must not change
     * @param metadata strings for the headers of the weights files: what was done to the model, and with what
     */
    public void save(Path target, Map<String, String> metadata) throws IOException {
        if (target.toAbsolutePath().normalize().equals(folder.toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("a model cannot be saved over the folder it was loaded from: " + target);
        }
        textEncoder.save(target.resolve("text_encoder"), metadata);
        unet.save(target.resolve("unet"), metadata);
        vae.save(target.resolve("vae"), metadata);
        Files.createDirectories(target.resolve("scheduler"));
        scheduler.write(target.resolve("scheduler").resolve("scheduler_config.json"));
        copyFiles(folder.resolve("tokenizer"), target.resolve("tokenizer"));
        // Last: the Python library takes a folder for a model once this is there.
        Files.writeString(target.resolve("model_index.json"), index().toPrettyString() + "\n");
    }

    private ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.put("_class_name", "StableDiffusionPipeline");
        index.putArray("tokenizer").add("transformers").add("CLIPTokenizer");
        index.putArray("text_encoder").add("transformers").add("CLIPTextModel");
        index.putArray("unet").add("diffusers").add("UNet2DConditionModel");
        index.putArray("vae").add("diffusers").add("AutoencoderKL");
        index.putArray("scheduler").add("diffusers").add(scheduler.kind().className());
        index.putArray("safety_checker").addNull().addNull();
        index.putArray("feature_extractor").addNull().addNull();
        index.put("requires_safety_checker", false);
        return index;
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Frees the networks. No run may be under way. */
    @Override
    public void close() {
        textEncoder.close();
        unet.close();
        vae.close();
    }
}
