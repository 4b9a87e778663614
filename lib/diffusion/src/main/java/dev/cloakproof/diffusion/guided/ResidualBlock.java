package dev.cloakproof.diffusion.guided;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Conv2d;
import dev.cloakproof.tensor.nn.GroupNorm;
import dev.cloakproof.tensor.nn.Init;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;
import java.util.List;

/**
 * Two convolutions around which the input is added back; the time says how the second one's input is scaled and shifted
 * (unet.py, {@code ResBlock} with {@code use_scale_shift_norm}). It may change height and width before the first.
 */
final class ResidualBlock implements Block {
    private final Resampling resampling;
    private final GroupNorm norm1;
    private final Conv2d conv1;
    private final Linear time;
    private final GroupNorm norm2;
    private final Conv2d conv2;
    private final Conv2d shortcut; // null where in equals out

    ResidualBlock(Parameters p, GuidedUNetConfig config, int in, int out, Resampling resampling) {
        this.resampling = resampling;
        norm1 = new GroupNorm(p.at("in_layers").at(0), config.groups(), in, GuidedUNet.EPS);
        conv1 = new Conv2d(p.at("in_layers").at(2), in, out, 3);
        time = new Linear(p.at("emb_layers").at(1), config.timeWidth(), 2L * out);
        norm2 = new GroupNorm(p.at("out_layers").at(0), config.groups(), out, GuidedUNet.EPS);
        conv2 = new Conv2d(p.at("out_layers").at(3), out, out, 3, Init.ZEROS);
        shortcut = in == out ? null : new Conv2d(p.at("skip_connection"), in, out, 1);
    }

    @Override
    public Tensor forward(Tensor x, Tensor activatedTime) {
        // 1. normalise, SiLU, resize, convolve
        Tensor h = Scope.result(() -> conv1.forward(resampling.of(Functions.silu(norm1.forward(x)))));

        // 2. normalise, scale and shift, SiLU, convolve
        Tensor change = Scope.result(() -> {
            List<Tensor> told = time.forward(activatedTime).chunk(2, 1); // scale and shift, each (batch, out)
            Tensor scaled = norm2.forward(h).mul(perMap(told.getFirst()).add(1)).add(perMap(told.getLast()));
            return conv2.forward(Functions.silu(scaled));
        });

        // 3. beside them, the input of this size
        Tensor straight = resampling.of(x);
        return (shortcut == null ? straight : shortcut.forward(straight)).add(change);
    }

    private static Tensor perMap(Tensor perChannel) {
        return perChannel.reshape(perChannel.size(0), perChannel.size(1), 1, 1);
    }
}
