"""Makes ../resources/optim: 50 steps of PyTorch's and of bitsandbytes' optimizers, of EMA and of every schedule.

    python make_optim_fixtures.py

Needs torch, diffusers and bitsandbytes (versions in the metadata of the files). Parameters and gradients are drawn
from seeds, so only the results are stored: parameter i is randn(seed i + 1); its gradient in step k is
randn(seed 1000 * (i + 1) + k) * 10 ** (k % 3 - 2).
"""

import json
import pathlib

import bitsandbytes
import diffusers
import torch
from bitsandbytes.functional import create_dynamic_map
from diffusers.optimization import get_scheduler
from diffusers.training_utils import EMAModel
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "resources" / "optim"
SHAPES = [(65, 70), (7,), (16, 3, 3, 3), (5000,)]
STEPS = 50
RATE, BETA1, BETA2, EPS, DECAY = 1e-2, 0.9, 0.999, 1e-8, 1e-2
VERSIONS = {"torch": torch.__version__, "diffusers": diffusers.__version__, "bitsandbytes": bitsandbytes.__version__}


def draw(seed, shape):
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed))


def parameters():
    return [torch.nn.Parameter(draw(i + 1, shape)) for i, shape in enumerate(SHAPES)]


def gradient(i, step):
    return draw(1000 * (i + 1) + step, SHAPES[i]) * 10.0 ** (step % 3 - 2)


def stored(values, prefix="param"):
    return {f"{prefix}.{i}": value.detach().clone() for i, value in enumerate(values)}


def adamw():
    """torch.optim.AdamW, clipped to a global norm of 5, with an EMA beside it."""
    found = parameters()
    optimizer = torch.optim.AdamW(found, lr=RATE, betas=(BETA1, BETA2), eps=EPS, weight_decay=DECAY)
    average = EMAModel(found, decay=0.95)
    norms = []
    for step in range(STEPS):
        for i, parameter in enumerate(found):
            parameter.grad = gradient(i, step)
        norms.append(torch.nn.utils.clip_grad_norm_(found, 5.0))
        optimizer.step()
        average.step(found)
    tensors = stored(found)
    tensors.update(stored([optimizer.state[p]["exp_avg"] for p in found], "mean"))
    tensors.update(stored([optimizer.state[p]["exp_avg_sq"] for p in found], "square"))
    tensors.update(stored(average.shadow_params, "average"))
    tensors["norms"] = torch.stack(norms)
    save_file(tensors, FOLDER / "adamw.safetensors", metadata=VERSIONS)


def rounded(x, levels, block):
    """x after block-wise quantisation to the nearest level.

    bitsandbytes' own 8-bit step needs a GPU, and its quantisation on the CPU is not always to the nearest level
    (9.6e-8 of [0, 1] became 1.6e-5), so only its levels are used here.
    """
    flat = torch.nn.functional.pad(x.flatten(), (0, -x.numel() % block)).reshape(-1, block)
    largest = flat.abs().amax(1, keepdim=True)
    scaled = flat / torch.where(largest == 0, 1, largest)
    nearest = torch.stack([(row[:, None] - levels).abs().argmin(1) for row in scaled])
    return (levels[nearest] * largest).flatten()[: x.numel()].reshape(x.shape)


def adamw_8bit(block):
    """AdamW on moments kept by block-wise quantisation with bitsandbytes' levels."""
    found = [p.detach().clone() for p in parameters()]
    signed, unsigned = create_dynamic_map(signed=True), create_dynamic_map(signed=False)
    tensors = {"levels.signed": signed, "levels.unsigned": unsigned}
    for i, parameter in enumerate(found):
        mean, square = torch.zeros_like(parameter), torch.zeros_like(parameter)
        for step in range(STEPS):
            g = gradient(i, step)
            mean = BETA1 * mean + (1 - BETA1) * g
            square = BETA2 * square + (1 - BETA2) * g * g
            root = square.sqrt() / (1 - BETA2 ** (step + 1)) ** 0.5 + EPS
            parameter.mul_(1 - RATE * DECAY)
            parameter.sub_(RATE / (1 - BETA1 ** (step + 1)) * mean / root)
            if parameter.numel() >= 4096:
                mean = rounded(mean, signed, block)
                square = rounded(square, unsigned, block)
    tensors.update(stored(found))
    save_file(tensors, FOLDER / f"adamw8bit-{block}.safetensors", metadata=VERSIONS)


def schedules():
    """The learning rate of every step, warm-up 5 of 30."""
    found = {}
    for name in ("constant_with_warmup", "linear", "cosine"):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=2e-6)
        schedule = get_scheduler(name, optimizer, num_warmup_steps=5, num_training_steps=30)
        rates = []
        for _ in range(30):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        found[name] = torch.tensor(rates, dtype=torch.float64)
    save_file(found, FOLDER / "schedules.safetensors", metadata=VERSIONS)


if __name__ == "__main__":
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    adamw()
    adamw_8bit(256)
    adamw_8bit(2048)
    schedules()
