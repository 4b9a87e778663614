"""Makes ../resources/fixtures/protections: AdvDM, FSMG, ASPL and PhotoGuard in plain torch + diffusers.

    python make_protection_fixtures.py

Pictures: instance-0, -1 are protected, instance-2 is the subject's clean picture, prior-0 to -4 are the class. Results
are the perturbed pixels in [-1, 1] before rounding.
"""

import os

import torch
from safetensors.torch import save_file

from make_training_fixtures import (
    NOISE,
    POSTERIOR,
    START,
    TIMESTEP,
    VERSIONS,
    denoising_losses,
    fresh,
    generator,
    named,
    normalised,
    open_model,
    pictures,
    token_ids,
)

RADIUS, STEP = 11 * 2 / 255, 2 / 255  # of [-1, 1]
PLAIN, CLASS = "a photo of sks person", "a photo of person"
RATE = 1e-4


class Attack:
    """One surrogate with its random numbers: each evaluation of a loss takes the next set."""

    def __init__(self, run_seed):
        self.pipeline, self.run_seed, self.used = open_model(), run_seed, 0
        self.ids = token_ids(self.pipeline, PLAIN, CLASS)
        self.parameters = list(named(self.pipeline).values())

    def losses(self, pixels, ids):
        k, self.used = self.used, self.used + 1
        distribution = self.pipeline.vae.encode(pixels).latent_dist
        shape = distribution.mean.shape
        draw = lambda stream: torch.randn(shape, generator=generator(self.run_seed, stream, k))
        latents = (distribution.mean + distribution.std * draw(POSTERIOR)) * self.pipeline.vae.config.scaling_factor
        timesteps = torch.randint(0, 1000, shape[:1], generator=generator(self.run_seed, TIMESTEP, k))
        return denoising_losses(self.pipeline, latents, draw(NOISE), timesteps, ids)

    def ascend(self, pixels, original, steps):
        for parameter in self.parameters:
            parameter.requires_grad_(False)
        for _ in range(steps):
            leaf = pixels.clone().requires_grad_(True)
            self.losses(leaf, self.ids[:1].expand(len(pixels), -1)).mean().backward()
            pixels = project(leaf.detach() + STEP * leaf.grad.sign(), original)
        return pixels

    def train(self, instance, prior, steps):
        for parameter in self.parameters:
            parameter.requires_grad_(True)
        optimizer = torch.optim.AdamW(self.parameters, lr=RATE, weight_decay=1e-2)
        for i in range(steps):
            optimizer.zero_grad()
            pixels = torch.cat([instance[i % len(instance)][None], prior[i % len(prior)][None]])
            self.losses(pixels, self.ids).sum().backward()
            optimizer.step()


def project(moved, original):
    return (original + (moved - original).clamp(-RADIUS, RADIUS)).clamp(-1, 1)


def photo_guard(pipeline, picture, index, run_seed, iterations):
    start = torch.rand(picture.shape, generator=generator(run_seed, START, index)) * 2 * RADIUS - RADIUS
    pixels = project(picture + start, picture)
    for i in range(iterations):
        leaf = pixels.clone().requires_grad_(True)
        pipeline.vae.encode(leaf).latent_dist.mean.norm().backward()
        step = STEP - (STEP - STEP / 100) / iterations * i
        pixels = project(leaf.detach() - step * leaf.grad.sign(), picture)
    return pixels


def main():
    all_pictures = torch.cat([normalised(p) for p in pictures(100, 3)])
    mine, clean = all_pictures[:2], all_pictures[2:]
    prior = torch.cat([normalised(p) for p in pictures(200, 5)])

    advdm = Attack(11).ascend(mine, mine, 5)

    fsmg = Attack(12)
    fsmg.train(clean, prior, 4)
    after_fsmg = fsmg.ascend(mine, mine, 5)

    aspl, perturbed = Attack(13), mine
    for _ in range(2):
        before = [p.detach().clone() for p in aspl.parameters]
        aspl.train(clean, prior, 2)
        perturbed = aspl.ascend(perturbed, mine, 3)
        with torch.no_grad():
            for parameter, value in zip(aspl.parameters, before):
                parameter.copy_(value)
        aspl.train(perturbed, prior, 2)

    pipeline = open_model()
    guarded = torch.cat([photo_guard(pipeline, p[None], i, 14, 5) for i, p in enumerate(mine)])

    folder = fresh("protections")
    found = {"original": mine, "advdm": advdm, "fsmg": after_fsmg, "aspl": perturbed, "photoguard": guarded}
    save_file({k: v.contiguous().clone() for k, v in found.items()}, folder / "case.safetensors", metadata=VERSIONS)
    os.chmod(folder / "case.safetensors", 0o644)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
