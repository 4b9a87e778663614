"""Makes ../resources/fixtures/dreambooth-*: DreamBooth with contrastive decoupling as a plain torch + diffusers loop.

    python make_training_fixtures.py              # the environment of lib/diffusion/src/test/python, and peft

It is written for reading beside the paper, not for speed, and shares with the Java side only the tiny checkpoint
(lib/diffusion/src/test/resources/fixtures/pipeline-sd2) and the way seeds are made (`seed` below, from the run's seed,
the step and the purpose), so that both draw the same noise.
"""

import json
import os
import pathlib
import shutil

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import diffusers
import numpy
import torch
import transformers
from diffusers import StableDiffusionPipeline
from diffusers.optimization import get_scheduler
from diffusers.training_utils import EMAModel
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from PIL import Image
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
MODEL = ROOT / "lib/diffusion/src/test/resources/fixtures/pipeline-sd2"
FIXTURES = HERE.parent / "resources" / "fixtures"
SIDE = 64
INSTANCE_PROMPT = "a photo of sks person with t@j noisy pattern"
PRIOR_PROMPT = "a photo of a person without t@j noisy pattern"
VERSIONS = {"torch": torch.__version__, "diffusers": diffusers.__version__, "transformers": transformers.__version__}

# ---------------------------------------------------------------- random numbers

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
POSTERIOR, NOISE, TIMESTEP, OFFSET, ORDER, LORA, PRIOR, START = range(8)


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def seed(run_seed, stream, step):
    inner = mix((run_seed + (stream + 1) * GOLDEN) & MASK)
    return mix((inner + (step + 1) * GOLDEN) & MASK) & (MASK >> 1)


def generator(run_seed, stream, step):
    return torch.Generator("cpu").manual_seed(seed(run_seed, stream, step))


# ---------------------------------------------------------------- pictures and model


def pictures(first_seed, count, side=SIDE):
    """Smooth coloured pictures, uint8 (height, width, 3)."""
    made = []
    for i in range(count):
        coarse = torch.rand(1, 3, 5, 5, generator=torch.Generator().manual_seed(first_seed + i))
        smooth = torch.nn.functional.interpolate(coarse, (side, side), mode="bicubic", align_corners=True)
        made.append((smooth[0].clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).numpy())
    return made


def normalised(picture):
    """(1, 3, height, width) in [-1, 1], as torchvision's ToTensor and Normalize(0.5, 0.5)."""
    levels = torch.from_numpy(numpy.ascontiguousarray(picture)).permute(2, 0, 1)[None].to(torch.float32)
    return (levels / 255 - 0.5) / 0.5


def open_model():
    pipeline = StableDiffusionPipeline.from_pretrained(MODEL, local_files_only=True)
    for part in (pipeline.unet, pipeline.text_encoder, pipeline.vae):
        part.eval().requires_grad_(False)
    return pipeline


def token_ids(pipeline, *prompts):
    made = pipeline.tokenizer(list(prompts), padding="max_length", max_length=77, truncation=True, return_tensors="pt")
    return made.input_ids


def alphas(pipeline):
    return diffusers.DDPMScheduler.from_config(pipeline.scheduler.config).alphas_cumprod


# ---------------------------------------------------------------- the loss


def denoising_losses(pipeline, latents, noise, timesteps, ids, v_prediction=False, gamma=0.0):
    """The loss of every picture of the batch."""
    a = alphas(pipeline)[timesteps].reshape(-1, 1, 1, 1)
    noisy = a.sqrt() * latents + (1 - a).sqrt() * noise
    context = pipeline.text_encoder(ids)[0]
    predicted = pipeline.unet(noisy, timesteps, context).sample
    target = a.sqrt() * noise - (1 - a).sqrt() * latents if v_prediction else noise
    each = (predicted - target).square().mean((1, 2, 3))
    if gamma:
        snr = (a / (1 - a)).flatten()
        each = each * torch.minimum(snr, torch.tensor(gamma)) / (snr + 1 if v_prediction else snr)
    return each


# ---------------------------------------------------------------- the loop


class Data:
    """Latent distributions, encoded once, and the random numbers of each pair."""

    def __init__(self, pipeline, instance, prior, run_seed, offset_noise=0.0):
        with torch.no_grad():
            encode = lambda picture: pipeline.vae.encode(normalised(picture)).latent_dist
            self.instance, self.prior = [encode(p) for p in instance], [encode(p) for p in prior]
        self.scale = pipeline.vae.config.scaling_factor
        self.run_seed, self.offset_noise = run_seed, offset_noise
        self.pairs = max(len(instance), len(prior))

    def batch(self, k):
        """Latents, noise and timesteps of the k-th pair of the run."""
        order = torch.randperm(self.pairs, generator=generator(self.run_seed, ORDER, k // self.pairs))
        pair = int(order[k % self.pairs])
        chosen = [self.instance[pair % len(self.instance)], self.prior[pair % len(self.prior)]]
        mean = torch.cat([d.mean for d in chosen])
        deviation = torch.cat([d.std for d in chosen])
        shape = mean.shape
        latents = (mean + deviation * torch.randn(shape, generator=generator(self.run_seed, POSTERIOR, k))) * self.scale
        noise = torch.randn(shape, generator=generator(self.run_seed, NOISE, k))
        if self.offset_noise:
            drawn = torch.randn((*shape[:2], 1, 1), generator=generator(self.run_seed, OFFSET, k))
            noise = noise + self.offset_noise * drawn
        timesteps = torch.randint(0, 1000, (2,), generator=generator(self.run_seed, TIMESTEP, k))
        return latents, noise, timesteps


def train(
    pipeline,
    parameters,
    data,
    ids,
    steps,
    rate,
    prior_weight=1.0,
    schedule="constant",
    warmup=0,
    accumulation=1,
    decay=0.0,
    **loss,
):
    """Returns (loss, instance loss, prior loss, gradient norm) of every step, and the averaged parameters."""
    for parameter in parameters:
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2)
    scheduler = get_scheduler(schedule, optimizer, num_warmup_steps=warmup, num_training_steps=steps)
    average = EMAModel(parameters, decay=decay) if decay else None
    curve = []
    for step in range(steps):
        optimizer.zero_grad()
        total = instance = prior = 0.0
        for i in range(accumulation):
            each = denoising_losses(pipeline, *data.batch(step * accumulation + i), ids, **loss)
            pair_loss = each[0] + prior_weight * each[1]
            (pair_loss / accumulation).backward()
            total += float(pair_loss.detach()) / accumulation
            instance += float(each[0].detach()) / accumulation
            prior += float(each[1].detach()) / accumulation
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        scheduler.step()
        if average:
            average.step(parameters)
        curve.append([total, instance, prior, float(norm)])
    return torch.tensor(curve, dtype=torch.float64).to(torch.float32), average.shadow_params if average else None


# ---------------------------------------------------------------- cases


def fresh(name):
    folder = FIXTURES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def store(folder, tensors, settings):
    tensors = {name: t.detach().clone().contiguous() for name, t in sorted(tensors.items())}
    save_file(tensors, folder / "case.safetensors", metadata={**VERSIONS, "settings": json.dumps(settings)})
    os.chmod(folder / "case.safetensors", 0o644)


def named(pipeline):
    """Java's names: the text encoder's have the prefix of published checkpoints."""
    found = {f"unet.{n}": p for n, p in pipeline.unet.named_parameters()}
    for n, p in pipeline.text_encoder.named_parameters():
        n = n if n.startswith("text_model.") else f"text_model.{n}"
        found[f"text_encoder.{n}"] = p
    return found


def make_pictures():
    folder = fresh("pictures")
    for kind, first_seed, count in (("instance", 100, 3), ("prior", 200, 5)):
        for i, picture in enumerate(pictures(first_seed, count)):
            Image.fromarray(picture).save(folder / f"{kind}-{i}.png", optimize=True)


def make_full():
    """The paper's training in float32, at a rate at which 20 steps matter."""
    pipeline = open_model()
    ids = token_ids(pipeline, INSTANCE_PROMPT, PRIOR_PROMPT)
    data = Data(pipeline, pictures(100, 3), pictures(200, 5), 7)
    parameters = named(pipeline)
    curve, _ = train(pipeline, list(parameters.values()), data, ids, 20, 2e-4)
    store(fresh("dreambooth-full"), {"ids": ids, "curve": curve, **parameters}, dict(seed=7, rate=2e-4, steps=20))


def make_variants():
    """Everything that is off by default: v-prediction, min-SNR, offset noise, accumulation, cosine with warm-up, EMA."""
    pipeline = open_model()
    ids = token_ids(pipeline, INSTANCE_PROMPT, PRIOR_PROMPT)
    data = Data(pipeline, pictures(100, 3), pictures(200, 5), 8, offset_noise=0.1)
    parameters = named(pipeline)
    settings = dict(prior_weight=0.5, schedule="cosine", warmup=3, accumulation=2, decay=0.9)
    curve, average = train(
        pipeline, list(parameters.values()), data, ids, 10, 2e-4, **settings, v_prediction=True, gamma=5.0
    )
    store(
        fresh("dreambooth-variants"),
        {"ids": ids, "curve": curve, **parameters, **{f"average.{n}": t for n, t in zip(parameters, average)}},
        settings,
    )


def adapted_layers(module):
    return sorted(name for name, part in module.named_modules() if hasattr(part, "lora_A"))


def make_lora():
    """LoRA on all attention layers, rank 4, alpha 8, and the file that diffusers writes of it."""
    pipeline = open_model()
    ids = token_ids(pipeline, INSTANCE_PROMPT, PRIOR_PROMPT)
    data = Data(pipeline, pictures(100, 3), pictures(200, 5), 9)
    targets = {"unet": ["to_q", "to_k", "to_v", "to_out.0"], "text_encoder": ["q_proj", "k_proj", "v_proj", "out_proj"]}
    trained, index = {}, 0
    for part, modules in targets.items():
        network = getattr(pipeline, part)
        network.add_adapter(LoraConfig(r=4, lora_alpha=8, target_modules=modules))
        for name in adapted_layers(network):
            layer = network.get_submodule(name)
            down, up = layer.lora_A["default"].weight, layer.lora_B["default"].weight
            with torch.no_grad():
                down.copy_(torch.randn(down.shape, generator=generator(9, LORA, index)) / 4)
                up.zero_()
            index += 1
            prefix = "text_encoder.text_model." if part == "text_encoder" else "unet."
            trained[f"{prefix}{name}.lora.down"] = down
            trained[f"{prefix}{name}.lora.up"] = up
    curve, _ = train(pipeline, list(trained.values()), data, ids, 20, 3e-4)
    folder = fresh("dreambooth-lora")
    store(folder, {"ids": ids, "curve": curve, **trained}, dict(seed=9, rate=3e-4, steps=20, rank=4, alpha=8))
    layers = {f"{part}_lora_layers": convert_state_dict_to_diffusers(get_peft_model_state_dict(getattr(pipeline, part)))
              for part in targets}
    StableDiffusionPipeline.save_lora_weights(folder, **layers)
    os.chmod(folder / "pytorch_lora_weights.safetensors", 0o644)


if __name__ == "__main__":
    torch.set_num_threads(1)
    make_pictures()
    make_full()
    make_variants()
    make_lora()
