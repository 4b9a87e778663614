package dev.cloakproof.diffusion.guided;

import dev.cloakproof.diffusion.ComponentFolder;
import dev.cloakproof.diffusion.ConfigFile;
import dev.cloakproof.diffusion.block.TimeEmbedding;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.nn.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The unconditional denoising network on pixels of Dhariwal and Nichol 2021: a noisy picture and its timestep in, the noise
 * out. Names, shapes and numbers are those of guided-diffusion's {@code UNetModel} (unet.py). Its noise is that of
 * {@link dev.cloakproof.diffusion.scheduler.SchedulerConfig#guidedDiffusion}.
 */
public final class GuidedUNet extends Network {
    static final double EPS = 1e-5;
    private static final int COLOURS = 3;
    private static final String WEIGHTS = "model";

    private final GuidedUNetConfig config;
    private final TimeEmbedding time;
    private final Conv2d convIn;
    private final List<Sequence> down = new ArrayList<>();
    private final Sequence middle;
    private final List<Sequence> up = new ArrayList<>();
    private final GroupNorm normOut;
    private final Conv2d convOut;

    public GuidedUNet(GuidedUNetConfig config, Parameters p) {
        super(p);
        this.config = config;
        Parameters embedding = p.at("time_embed");
        time = new TimeEmbedding(embedding.at(0), embedding.at(2), config.channels(), config.timeWidth());
        Parameters inputs = p.at("input_blocks");
        int width = config.width(0);
        convIn = new Conv2d(inputs.at(0).at(0), COLOURS, width, 3);
        // What the way down leaves for the way up, by channels.
        Deque<Integer> skips = new ArrayDeque<>(List.of(width));
        int last = config.multipliers().size() - 1;
        for (int level = 0; level <= last; level++) {
            for (int i = 0; i < config.blocks(); i++) {
                down.add(sequence(inputs.at(down.size() + 1), level, width));
                width = config.width(level);
                skips.push(width);
            }
            if (level < last) {
                down.add(new Sequence(inputs.at(down.size() + 1), config).residual(width, width, Resampling.HALF));
                skips.push(width);
            }
        }
        middle = new Sequence(p.at("middle_block"), config)
                .residual(width, width, Resampling.NONE)
                .attention(width)
                .residual(width, width, Resampling.NONE);
        Parameters outputs = p.at("output_blocks");
        for (int level = last; level >= 0; level--) {
            for (int i = 0; i <= config.blocks(); i++) {
                Sequence sequence = sequence(outputs.at(up.size()), level, width + skips.pop());
                width = config.width(level);
                if (level > 0 && i == config.blocks()) {
                    sequence.residual(width, width, Resampling.DOUBLE);
                }
                up.add(sequence);
            }
        }
        normOut = new GroupNorm(p.at("out").at(0), config.groups(), width, EPS);
        convOut = new Conv2d(p.at("out").at(2), width, config.learnSigma() ? 2 * COLOURS : COLOURS, 3, Init.ZEROS);
    }

    private Sequence sequence(Parameters p, int level, int in) {
        int out = config.width(level);
        Sequence sequence = new Sequence(p, config).residual(in, out, Resampling.NONE);
        return config.attends(level) ? sequence.attention(out) : sequence;
    }

    /**
     * Loads a published file of plain PyTorch weights.
     *
     * @param config its shape, which the file does not tell
     */
    public static GuidedUNet load(Path file, GuidedUNetConfig config, Placement placement) {
        return Pretrained.load(file, Pretrained.Names.SAME, placement, p -> new GuidedUNet(config, p));
    }

    /** Loads a folder of {@code config.json} and {@code model.safetensors}. */
    public static GuidedUNet load(Path folder, Placement placement) {
        GuidedUNetConfig config = GuidedUNetConfig.of(ConfigFile.read(folder.resolve("config.json")));
        return load(Pretrained.file(folder, WEIGHTS), config, placement);
    }

    public GuidedUNetConfig config() {
        return config;
    }

    /**
     * Writes a folder that {@link #load(Path, Placement)} reads.
     *
     * @param metadata strings for the header of the weights file
     */
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        ComponentFolder.write(folder, config.toJson(), WEIGHTS, this, metadata);
    }

    /**
     * Predicts the noise in pictures and, if the network learned that, the variance.
     *
     * @param pixels noisy, clean ones being -1 to 1, (batch, 3, height, width); height and width are multiples of the
     *     factor of the coarsest resolution, 32 for the published network
     * @param timesteps (batch), 0 to 999
     * @return (batch, 3, height, width) for the noise alone; with learned variance (batch, 6, height, width), the last
     *     three the logarithm's place between the smallest (-1) and the largest (1) variance that it can have
     */
    public Tensor predict(Tensor pixels, Tensor timesteps) {
        checkInputs(pixels, timesteps);
        return Scope.result(() -> {
            // 1. time: (batch, timeWidth), activated once for all blocks
            Tensor t = Functions.silu(time.forward(timesteps, pixels.dtype()));

            // 2. down: every result waits for its mirror image
            Deque<Tensor> skips = new ArrayDeque<>();
            skips.push(convIn.forward(pixels));
            for (Sequence sequence : down) {
                skips.push(sequence.forward(skips.peek(), t));
            }

            // 3. the middle
            Tensor h = middle.forward(skips.peek(), t);

            // 4. up: concatenated with what waits
            for (Sequence sequence : up) {
                Tensor below = h;
                Tensor skip = skips.pop();
                h = Scope.result(() -> sequence.forward(Tensor.cat(List.of(below, skip), 1), t));
                below.free();
                skip.free();
            }

            // 5. out
            return convOut.forward(Functions.silu(normOut.forward(h)));
        });
    }

    /** The noise alone: the first three channels of {@link #predict}. */
    public Tensor noise(Tensor pixels, Tensor timesteps) {
        return Scope.result(() -> predict(pixels, timesteps).narrow(1, 0, COLOURS));
    }

    private void checkInputs(Tensor pixels, Tensor timesteps) {
        int factor = config.coarsest();
        if (pixels.rank() != 4
                || pixels.size(1) != COLOURS
                || pixels.size(2) % factor != 0
                || pixels.size(3) % factor != 0) {
            throw new IllegalArgumentException("pixels: expected (batch, " + COLOURS
                    + ", height, width) with multiples of " + factor + ", found " + pixels);
        }
        if (timesteps.rank() != 1 || timesteps.size(0) != pixels.size(0)) {
            throw new IllegalArgumentException("timesteps: expected (" + pixels.size(0) + "), found " + timesteps);
        }
    }
}
