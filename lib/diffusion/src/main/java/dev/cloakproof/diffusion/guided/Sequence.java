package dev.cloakproof.diffusion.guided;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/** Blocks that follow one another between two concatenations, numbered from 0 (unet.py, {@code TimestepEmbedSequential}). */
final class Sequence {
    private final Parameters parameters;
    private final GuidedUNetConfig config;
    private final List<Block> blocks = new ArrayList<>();

    Sequence(Parameters parameters, GuidedUNetConfig config) {
        this.parameters = parameters;
        this.config = config;
    }

    Sequence residual(int in, int out, Resampling resampling) {
        blocks.add(new ResidualBlock(parameters.at(blocks.size()), config, in, out, resampling));
        return this;
    }

    Sequence attention(int channels) {
        blocks.add(new SelfAttention(parameters.at(blocks.size()), config, channels));
        return this;
    }

    /** What a {@link Block} takes and gives. */
    Tensor forward(Tensor x, Tensor time) {
        Tensor h = x;
        for (Block block : blocks) {
            Tensor in = h;
            h = Scope.result(() -> block.forward(in, time));
            if (in != x) {
                in.free();
            }
        }
        return h;
    }
}
