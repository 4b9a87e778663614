package dev.cloakproof.diffusion.unet;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.LayerNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;

/** Self-attention, attention to the text, and a gated perceptron, each added to its input. */
final class TransformerBlock {
    private final boolean onlyCross;
    private final LayerNorm norm1;
    private final Attention attention1;
    private final LayerNorm norm2;
    private final Attention attention2;
    private final LayerNorm norm3;
    private final Linear in;
    private final Linear out;

    /** @param onlyCross whether the first attention reads the text too */
    TransformerBlock(Parameters p, int width, int contextWidth, int heads, boolean onlyCross) {
        this.onlyCross = onlyCross;
        norm1 = new LayerNorm(p.at("norm1"), width, 1e-5);
        attention1 = new Attention(p.at("attn1"), width, onlyCross ? contextWidth : width, heads);
        norm2 = new LayerNorm(p.at("norm2"), width, 1e-5);
        attention2 = new Attention(p.at("attn2"), width, contextWidth, heads);
        norm3 = new LayerNorm(p.at("norm3"), width, 1e-5);
        Parameters perceptron = p.at("ff").at("net");
        in = new Linear(perceptron.at(0).at("proj"), width, 8L * width); // (hidden, gate)
        out = new Linear(perceptron.at(2), 4L * width, width);
    }

    /** x (batch, tokens, width), context (batch, n, contextWidth) -> (batch, tokens, width). */
    Tensor forward(Tensor x, Tensor context) {
        Tensor h = Scope.result(() -> {
            Tensor normed = norm1.forward(x);
            return x.add(attention1.forward(normed, onlyCross ? context : normed));
        });
        Tensor g = Scope.result(() -> h.add(attention2.forward(norm2.forward(h), context)));
        return Scope.result(() -> g.add(Functions.geglu(norm3.forward(g), in.affine(), out.affine())));
    }
}
