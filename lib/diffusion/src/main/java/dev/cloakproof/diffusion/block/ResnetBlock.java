package dev.cloakproof.diffusion.block;

import dev.cloakproof.tensor.Affine;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;

/**
 * Two convolutions around which the input is added back, as diffusers' {@code ResnetBlock2D} has it: normalise, SiLU,
 * convolve, add the time embedding, normalise, SiLU, convolve.
 */
public final class ResnetBlock {
    private final int groups;
    private final double eps;
    private final GroupNorm norm1;
    private final Conv2d conv1;
    private final Linear time; // null in an autoencoder
    private final GroupNorm norm2;
    private final Conv2d conv2;
    private final Conv2d shortcut; // null where in equals out

    /** @param timeWidth width of the time embedding, 0 for none */
    public ResnetBlock(Parameters p, int in, int out, int timeWidth, int groups, double eps) {
        this.groups = groups;
        this.eps = eps;
        norm1 = new GroupNorm(p.at("norm1"), groups, in, eps);
        conv1 = new Conv2d(p.at("conv1"), in, out, 3);
        time = timeWidth > 0 ? new Linear(p.at("time_emb_proj"), timeWidth, out) : null;
        norm2 = new GroupNorm(p.at("norm2"), groups, out, eps);
        conv2 = new Conv2d(p.at("conv2"), out, out, 3);
        shortcut = in == out ? null : new Conv2d(p.at("conv_shortcut"), in, out, 1);
    }

    public Tensor forward(Tensor x) {
        return forward(x, null);
    }

    /** @param activatedTime SiLU of the time embedding (batch, timeWidth) */
    public Tensor forward(Tensor x, Tensor activatedTime) {
        Tensor shift = time == null ? null : time.forward(activatedTime); // (batch, out)
        Affine straight = shortcut == null ? null : shortcut.affine();
        return Functions.resnet(
                x, shift, norm1.affine(), conv1.affine(), norm2.affine(), conv2.affine(), straight, groups, eps);
    }
}
