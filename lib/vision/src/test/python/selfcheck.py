"""Refuses to make fixtures with a torch build whose fp32 convolutions are wrong.

torch 2.7.1 with oneDNN 3.7.1 silently returns wrong 3x3 convolutions (forward and gradients) on some
AVX-512 machines when a channel count is not a multiple of 16. A reference made there is worthless.
"""

import torch

CHANNEL_PAIRS = ((320, 4), (24, 24), (128, 3), (4, 4), (17, 5), (8, 12), (64, 20))


def _convolve(channels_in, channels_out, dtype):
    """Returns (output, d/d input, d/d weight) of one 3x3 convolution with fixed random values."""
    generator = torch.Generator().manual_seed(1)

    def draw(*shape):
        return torch.randn(*shape, generator=generator)

    x = draw(2, channels_in, 16, 16).to(dtype).requires_grad_()
    weight = (draw(channels_out, channels_in, 3, 3) / (9 * channels_in) ** 0.5).to(dtype).requires_grad_()
    probe = draw(2, channels_out, 16, 16).to(dtype)
    out = torch.nn.functional.conv2d(x, weight, padding=1)
    (out * probe).sum().backward()
    return out.detach(), x.grad, weight.grad


def require_correct_convolutions(limit=1e-5):
    """Raises SystemExit when an fp32 convolution differs from its fp64 twin by more than `limit`."""
    for pair in CHANNEL_PAIRS:
        for name, single, double in zip(
            ("forward", "d/dx", "d/dw"), _convolve(*pair, torch.float32), _convolve(*pair, torch.float64)
        ):
            error = float((single.double() - double).norm() / double.norm())
            if not error < limit:
                raise SystemExit(
                    f"torch {torch.__version__} has wrong fp32 convolutions here: {name} of "
                    f"{pair[0]}->{pair[1]} is off by {error:.2g}; use another build"
                )
