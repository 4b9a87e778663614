package dev.cloakproof.diffusion.vae;

import dev.cloakproof.diffusion.block.ResnetBlock;
import dev.cloakproof.diffusion.block.Tokens;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;

/** The coarsest resolution of encoder and decoder: a residual block, single-head self-attention, a residual block. */
final class MiddleBlock {
    private final ResnetBlock first;
    private final GroupNorm norm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;
    private final ResnetBlock second;

    MiddleBlock(Parameters p, int width, int groups) {
        first = new ResnetBlock(p.at("resnets").at(0), width, width, 0, groups, Autoencoder.EPS);
        Parameters attention = p.at("attentions").at(0);
        norm = new GroupNorm(attention.at("group_norm"), groups, width, Autoencoder.EPS);
        query = new Linear(attention.at("to_q"), width, width);
        key = new Linear(attention.at("to_k"), width, width);
        value = new Linear(attention.at("to_v"), width, width);
        out = new Linear(attention.at("to_out").at(0), width, width);
        second = new ResnetBlock(p.at("resnets").at(1), width, width, 0, groups, Autoencoder.EPS);
    }

    Tensor forward(Tensor x) {
        Tensor h = first.forward(x);
        Tensor attended = Scope.result(() -> {
            Tensor tokens = Tokens.of(norm.forward(h));
            Tensor mixed =
                    Functions.attention(query.forward(tokens), key.forward(tokens), value.forward(tokens), 1, false);
            return h.add(Tokens.map(out.forward(mixed), h.size(2), h.size(3)));
        });
        return second.forward(attended);
    }
}
