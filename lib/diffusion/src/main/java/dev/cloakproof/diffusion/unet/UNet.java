package dev.cloakproof.diffusion.unet;

import dev.cloakproof.diffusion.ComponentFolder;
import dev.cloakproof.diffusion.ConfigFile;
import dev.cloakproof.diffusion.block.TimeEmbedding;
import dev.cloakproof.diffusion.block.Upsample;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.Embedding;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The denoising network of latent diffusion (Rombach et al. 2022): noisy latents, their timestep and a text in; the
 * predicted noise (or velocity) out. Down through the resolutions, through the middle, and up again, where every block
 * also reads what its mirror image on the way down gave. Layout and numbers are those of diffusers'
 * {@code UNet2DConditionModel}.
 */
public final class UNet extends Network {
    private final UNetConfig config;
    private final Conv2d convIn;
    private final TimeEmbedding time;
    private final Embedding classes; // null for most models
    private final List<Level> down = new ArrayList<>();
    private final List<Conv2d> downsamplers = new ArrayList<>();
    private final MiddleBlock middle;
    private final List<Level> up = new ArrayList<>();
    private final List<Upsample> upsamplers = new ArrayList<>();
    private final GroupNorm normOut;
    private final Conv2d convOut;

    public UNet(UNetConfig config, Parameters p) {
        super(p);
        this.config = config;
        List<Integer> channels = config.channels();
        convIn = new Conv2d(p.at("conv_in"), config.inChannels(), channels.getFirst(), 3);
        Parameters embedding = p.at("time_embedding");
        time = new TimeEmbedding(
                embedding.at("linear_1"), embedding.at("linear_2"), channels.getFirst(), config.timeWidth());
        classes = config.classes() == 0
                ? null
                : new Embedding(p.at("class_embedding"), config.classes(), config.timeWidth());
        // What the way down leaves for the way up, by channels.
        Deque<Integer> skips = new ArrayDeque<>(List.of(channels.getFirst()));
        int before = channels.getFirst();
        for (int level = 0; level < channels.size(); level++) {
            Parameters block = p.at("down_blocks").at(level);
            int width = channels.get(level);
            List<Integer> inputs = new ArrayList<>(Collections.nCopies(config.layers(), width));
            inputs.set(0, before);
            down.add(new Level(block, config, level, inputs));
            inputs.forEach(_ -> skips.push(width));
            if (level < config.last()) {
                downsamplers.add(new Conv2d(block.at("downsamplers").at(0).at("conv"), width, width, 3, 2, 1, true));
                skips.push(width);
            }
            before = width;
        }
        middle = new MiddleBlock(p.at("mid_block"), config);
        for (int level = config.last(); level >= 0; level--) {
            Parameters block = p.at("up_blocks").at(config.last() - level);
            int width = channels.get(level);
            List<Integer> inputs = new ArrayList<>();
            for (int i = 0; i <= config.layers(); i++) {
                inputs.add((i == 0 ? before : width) + skips.pop());
            }
            up.add(new Level(block, config, level, inputs));
            if (level > 0) {
                upsamplers.add(new Upsample(block.at("upsamplers").at(0), width));
            }
            before = width;
        }
        normOut = new GroupNorm(p.at("conv_norm_out"), config.groups(), channels.getFirst(), config.eps());
        convOut = new Conv2d(p.at("conv_out"), channels.getFirst(), config.outChannels(), 3);
    }

    /** Loads a {@code unet} folder of a published model. */
    public static UNet load(Path folder, Placement placement) {
        UNetConfig config = UNetConfig.of(ConfigFile.read(folder.resolve("config.json")));
        return Pretrained.load(
                Pretrained.file(folder, "diffusion_pytorch_model"),
                Pretrained.Names.SAME,
                placement,
                p -> new UNet(config, p));
    }

    public UNetConfig config() {
        return config;
    }

    /**
     * Writes configuration and weights into a folder that the Python library opens.
     *
     * @param metadata strings for the header of the weights file
     */
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        ComponentFolder.write(folder, config.toJson(), "diffusion_pytorch_model", this, metadata);
    }

    /** {@link #predict(Tensor, Tensor, Tensor, Tensor, Segments)} for a model without classes. */
    public Tensor predict(Tensor latents, Tensor timesteps, Tensor context) {
        return predict(latents, timesteps, context, null, Segments.DIRECT);
    }

    /**
     * Predicts the noise, or the velocity, that the scheduler's {@code prediction_type} names.
     *
     * @param latents (batch, in, height, width), in the network's element type
     * @param timesteps (batch), 0 to 999, whole or (Euler) fractional
     * @param context (batch, n, contextWidth), hidden states of the text encoder
     * @param labels (batch), int64, the class or noise level; null for a model without classes
     * @param segments how blocks run; each residual block, with the transformer after it, is one segment
     * @return (batch, out, height, width)
     */
    public Tensor predict(Tensor latents, Tensor timesteps, Tensor context, Tensor labels, Segments segments) {
        checkInputs(latents, context, labels);

        // 1. time, and the class or noise level: (batch, timeWidth), activated once for all blocks
        Tensor t = segments.run(timeInputs(timesteps, labels), in -> {
            Tensor embedded = time.forward(in.getFirst(), latents.dtype());
            return Functions.silu(classes == null ? embedded : embedded.add(classes.forward(in.get(1))));
        });

        // 2. down: every result waits for its mirror image
        Deque<Tensor> skips = new ArrayDeque<>();
        Tensor h = segments.run(List.of(latents), in -> convIn.forward(in.getFirst()));
        skips.push(h);
        for (int level = 0; level < down.size(); level++) {
            Level blocks = down.get(level);
            for (int i = 0; i < blocks.size(); i++) {
                int block = i;
                h = segments.run(List.of(h, t, context), in -> blocks.forward(block, in.get(0), in.get(1), in.get(2)));
                skips.push(h);
            }
            if (level < downsamplers.size()) {
                Conv2d downsampler = downsamplers.get(level);
                h = segments.run(List.of(h), in -> downsampler.forward(in.getFirst()));
                skips.push(h);
            }
        }

        // 3. the middle
        h = segments.run(List.of(h, t, context), in -> middle.forward(in.get(0), in.get(1), in.get(2)));

        // 4. up: concatenated with what waits
        for (int level = 0; level < up.size(); level++) {
            Level blocks = up.get(level);
            for (int i = 0; i < blocks.size(); i++) {
                int block = i;
                Tensor below = h;
                Tensor skip = skips.pop();
                h = segments.run(List.of(below, skip, t, context), in -> {
                    Tensor both = Tensor.cat(in.subList(0, 2), 1);
                    return blocks.forward(block, both, in.get(2), in.get(3));
                });
                segments.release(below);
                segments.release(skip);
            }
            if (level < upsamplers.size()) {
                Upsample upsampler = upsamplers.get(level);
                Tensor below = h;
                // Odd sizes: not twice this size, but that of what waits.
                Tensor mirror = skips.peek();
                h = segments.run(
                        List.of(below), in -> upsampler.forward(in.getFirst(), mirror.size(2), mirror.size(3)));
                segments.release(below);
            }
        }

        // 5. out
        return segments.run(List.of(h), in -> convOut.forward(Functions.silu(normOut.forward(in.getFirst()))));
    }

    private static List<Tensor> timeInputs(Tensor timesteps, Tensor labels) {
        return labels == null ? List.of(timesteps) : List.of(timesteps, labels);
    }

    private void checkInputs(Tensor latents, Tensor context, Tensor labels) {
        if (latents.rank() != 4 || latents.size(1) != config.inChannels()) {
            throw new IllegalArgumentException(
                    "latents: expected (batch, " + config.inChannels() + ", height, width), found " + latents);
        }
        if (context.rank() != 3 || context.size(2) != config.contextWidth() || context.size(0) != latents.size(0)) {
            throw new IllegalArgumentException(
                    "context: expected (" + latents.size(0) + ", n, " + config.contextWidth() + "), found " + context);
        }
        if ((labels == null) != (classes == null)) {
            throw new IllegalArgumentException(
                    classes == null ? "this model has no class labels" : "this model needs class labels");
        }
    }
}
