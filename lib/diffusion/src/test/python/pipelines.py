"""Complete tiny checkpoints in the form of published ones, and whole runs of them step by step.

Runs are in float32, as people run the reference. Each run is repeated with float64 weights and latents on
the same noise; the difference goes into its JSON and justifies the tolerance of the Java test.
"""

import contextlib
import inspect
import json
import pathlib
import shutil

import torch
from diffusers import (
    DDIMScheduler,
    DDPMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    PNDMScheduler,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionPipeline,
    StableDiffusionUpscalePipeline,
)
from transformers import CLIPTokenizer

from models import autoencoder, save_text_encoder, text_encoder, unet
from schedulers import LOW_RES, STABLE, numbers
from store import draw, fresh, metadata, save_case, save_json
from tokenizer import PADS, TINY_MERGES, merges, vocabulary, write_tokenizer

WIDTH = 16  # of the text encoder and of the UNet's context
SEEDS = {"sd1": 5100, "sd2": 5200, "x4": 5300}
PROMPT, NEGATIVE = "a photo of sks person, without t@j noisy pattern", "noisy, lowres, artifact, pattern"
OTHER_PROMPT, OTHER_NEGATIVE = "a cat!", ""

# As in published scheduler_config.json files: they leave timestep_spacing out, so that it stays the
# default of whichever class reads the file.
PUBLISHED = dict(
    STABLE,
    num_train_timesteps=1000,
    trained_betas=None,
    clip_sample=False,
    set_alpha_to_one=False,
    steps_offset=1,
    prediction_type="epsilon",
)
PUBLISHED_SCHEDULER = {
    "sd1": dict(PUBLISHED, _class_name="PNDMScheduler", skip_prk_steps=True),
    "sd2": dict(PUBLISHED, _class_name="PNDMScheduler", skip_prk_steps=True),
    "x4": {**PUBLISHED, **LOW_RES, "_class_name": "DDIMScheduler", "prediction_type": "v_prediction"},
}
PUBLISHED_LOW_RES = dict(LOW_RES, _class_name="DDPMScheduler", num_train_timesteps=1000, clip_sample=True)

SCHEDULERS = {
    "ddpm": DDPMScheduler,
    "ddim": DDIMScheduler,
    "pndm": PNDMScheduler,
    "euler": EulerDiscreteScheduler,
    "dpmpp": DPMSolverMultistepScheduler,
}

README = """# Whole runs

`../pipeline-sd1`, `../pipeline-sd2`, `../pipeline-x4` are complete checkpoints with random weights.
`<pipeline>/runs/<run>.json` says how a run was made (prompts, seed, guidance, the scheduler's config and its
timesteps); `<run>.safetensors` has

| tensor | shape | meaning |
|---|---|---|
| out.prompt_embeds, out.negative_prompt_embeds | (B, 77, 16) | last hidden state of the text encoder |
| out.initial_latents | (B, 4, h, w) | what the first step gets (noise times init_noise_sigma; image-to-image: the noised picture) |
| out.latents | (calls, B, 4, h, w) | after every call of the scheduler's step |
| out.decoded | (B, 3, H, W) | the last latents / scaling_factor decoded, about [-1, 1], not clamped; the picture is clamp(x / 2 + 0.5, 0, 1) |
| in.image | (1, 3, H, W) | image-to-image and x4: the given picture in [0, 1]; it is mapped to 2x - 1 first |

## Noise

One `torch.Generator("cpu").manual_seed(seed)` per run, for the whole batch; every draw is
`torch.randn(shape, generator, dtype=float32)`, never a draw per picture. Order of the draws:

- Text to image: (B, 4, h, w) initial noise; then, for stochastic schedulers (here DDPM), (B, 4, h, w) in every
  step whose timestep is above 0.
- Image to image: (1, 4, h, w) for the posterior sample of the encoder (mean + std * noise, times
  scaling_factor); then (B, 4, h, w) for add_noise at the first timestep used; then as above. The first
  timestep used is number `steps - int(steps * strength)` of the list (times the scheduler's order, 1 in all
  five). PNDM's list has one more entry (the repeated second), which is counted like any other.
- x4: (1, 3, h, w) noise on the small picture (low_res_scheduler.add_noise at noise_level, once; the noised
  picture is then repeated for batch and guidance); then (B, 4, h, w) initial noise.

torch.randn of a CPU generator takes another path for fewer than 16 values than for 16 and more; all draws
here have at least 16.

## Guidance

The UNet runs once on the batch [negative prompts; prompts] (negative half first), noise =
negative + guidance * (positive - negative). x4: the input is cat(scaled latents, noised picture) along
channels (latents first; the scheduler scales the latents alone), class_labels = noise_level for all.

## Tolerance

`float64_difference` in each JSON: the largest differences of a float64 run on the same noise, for the latents
of all steps, and for the decoded picture, each with the largest absolute value beside it.
"""


# ---------------------------------------------------------------- checkpoints


def build(kind):
    """The modules of one tiny checkpoint."""
    seed = SEEDS[kind]
    tokens = len(vocabulary(merges(TINY_MERGES)))
    pad = tokens - 1 if kind == "sd1" else 0
    activation = "quick_gelu" if kind == "sd1" else "gelu"
    levels = 3 if kind == "x4" else 4
    heads = 4 if kind == "sd1" else 2
    return {
        "text_encoder": text_encoder(activation, tokens, WIDTH, pad, seed, heads=heads, layers=2),
        "unet": unet(kind, seed + 1, context=WIDTH, sample_size=8, channels=(4, 8, 8), groups=2, heads=(1, 2, 4)),
        "vae": autoencoder(
            levels,
            seed + 2,
            sample_size=64,
            channels=(4, 4, 8, 8),
            scaling=0.08333 if kind == "x4" else 0.18215,
            groups=2,
        ),
    }


def write_checkpoint(folder, kind):
    """Saves a pipeline, then replaces tokenizer, text encoder and schedulers by files in published form."""
    modules = build(kind)
    write_tokenizer(folder / "tokenizer", merges(TINY_MERGES), PADS["sd1" if kind == "sd1" else "sd2"])
    parts = dict(
        modules,
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        scheduler=(DDIMScheduler if kind == "x4" else PNDMScheduler)(),
        safety_checker=None,
        feature_extractor=None,
    )
    if kind == "x4":
        pipeline = StableDiffusionUpscalePipeline(**parts, low_res_scheduler=DDPMScheduler(), watermarker=None)
    else:
        pipeline = StableDiffusionPipeline(**parts, requires_safety_checker=False)
    pipeline.save_pretrained(folder)
    shutil.rmtree(folder / "tokenizer")
    write_tokenizer(folder / "tokenizer", merges(TINY_MERGES), PADS["sd1" if kind == "sd1" else "sd2"])
    save_text_encoder(modules["text_encoder"], folder / "text_encoder", published_names=True)
    save_json(folder / "scheduler" / "scheduler_config.json", PUBLISHED_SCHEDULER[kind])
    if kind == "x4":
        save_json(folder / "low_res_scheduler" / "scheduler_config.json", PUBLISHED_LOW_RES)


# ---------------------------------------------------------------- runs


@contextlib.contextmanager
def noise_drawn_in_float32():
    """Makes torch.randn draw float32 values even when float64 is asked, so that both runs see one noise."""
    original = torch.randn

    def randn(*shape, dtype=None, **more):
        drawn = original(*shape, dtype=torch.float32, **more)
        return drawn.to(dtype or torch.float32)

    torch.randn = randn
    try:
        yield
    finally:
        torch.randn = original


def open_pipeline(pipeline_class, folder, scheduler, overrides, dtype):
    """Loads the checkpoint and swaps its scheduler the way users do: by from_config."""
    pipeline = pipeline_class.from_pretrained(folder, local_files_only=True)
    pipeline.scheduler = SCHEDULERS[scheduler].from_config(pipeline.scheduler.config, **overrides)
    for part in (pipeline.unet, pipeline.vae, pipeline.text_encoder):
        part.to(dtype).eval()
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


class Recorder:
    """Keeps the input of the first scheduler step and the output of every one."""

    def __init__(self, scheduler):
        self.initial, self.latents, self.timesteps = None, [], []
        self._step = scheduler.step
        # Pipelines look at the signature to decide whether step() takes the generator.
        self.__signature__ = inspect.signature(scheduler.step)
        scheduler.step = self

    def __call__(self, noise, timestep, sample, **arguments):
        if self.initial is None:
            self.initial = sample.clone()
        result = self._step(noise, timestep, sample, **arguments)
        self.latents.append(result[0].clone())
        self.timesteps.append(timestep)
        return result


def run(pipeline, call, seed):
    """One run; returns (tensors, scheduler facts)."""
    recorder = Recorder(pipeline.scheduler)
    embeds = embed(pipeline, call)
    with noise_drawn_in_float32():
        generator = torch.Generator("cpu").manual_seed(seed)
        final = pipeline(**call, generator=generator, output_type="latent", return_dict=False)[0]
    latents = torch.stack(recorder.latents)
    assert torch.equal(final, latents[-1])
    with torch.no_grad():
        decoded = pipeline.vae.decode(final / pipeline.vae.config.scaling_factor).sample
    tensors = {**embeds, "out.initial_latents": recorder.initial, "out.latents": latents, "out.decoded": decoded}
    return tensors, numbers(torch.stack(recorder.timesteps))


def embed(pipeline, call):
    with torch.no_grad():
        positive, negative = pipeline.encode_prompt(call["prompt"], "cpu", 1, True, call["negative_prompt"])
    return {"out.prompt_embeds": positive, "out.negative_prompt_embeds": negative}


def difference(single, double):
    """Largest absolute differences of two runs, and the largest values they stand against."""
    found = {}
    for name in ("out.latents", "out.decoded"):
        found[name] = float((single[name].double() - double[name].double()).abs().max())
        found[f"{name}.largest"] = float(single[name].abs().max())
    return found


def make_run(folder, name, pipeline_class, scheduler, overrides, call, seed):
    """Runs in float32 and float64 and stores the first."""
    runs = {}
    for dtype in (torch.float32, torch.float64):
        pipeline = open_pipeline(pipeline_class, folder, scheduler, overrides, dtype)
        runs[dtype], timesteps = run(pipeline, call, seed)
    tensors = dict(runs[torch.float32])
    if "image" in call:
        tensors["in.image"] = call["image"]
    facts = {key: value for key, value in call.items() if key != "image"}
    facts.update(
        pipeline=pipeline_class.__name__,
        seed=seed,
        scheduler=json.loads(pipeline.scheduler.to_json_string()),
        timesteps=timesteps,
        float64_difference=difference(runs[torch.float32], runs[torch.float64]),
    )
    save_json(folder / "runs" / f"{name}.json", facts)
    save_case(folder / "runs" / f"{name}.safetensors", tensors, metadata(seed, f"{pipeline_class.__name__}, {scheduler}"))


def text_to_image(folder, name, scheduler, seed, overrides=None, batch=False):
    call = {
        "prompt": [PROMPT, OTHER_PROMPT] if batch else [PROMPT],
        "negative_prompt": [NEGATIVE, OTHER_NEGATIVE] if batch else [NEGATIVE],
        "height": 32,
        "width": 64,
        "num_inference_steps": 10,
        "guidance_scale": 7.5,
    }
    make_run(folder, name, StableDiffusionPipeline, scheduler, overrides or {}, call, seed)


def image_to_image(folder, name, scheduler, seed):
    call = {
        "prompt": [PROMPT],
        "negative_prompt": [NEGATIVE],
        "image": picture(seed, 32, 64),
        "strength": 0.5,
        "num_inference_steps": 10,
        "guidance_scale": 7.5,
    }
    make_run(folder, name, StableDiffusionImg2ImgPipeline, scheduler, {}, call, seed)


def upscale(folder, name, scheduler, seed, overrides=None):
    call = {
        "prompt": [PROMPT],
        "negative_prompt": [NEGATIVE],
        "image": picture(seed, 8, 12),
        "noise_level": 20,
        "num_inference_steps": 10,
        "guidance_scale": 9.0,
    }
    make_run(folder, name, StableDiffusionUpscalePipeline, scheduler, overrides or {}, call, seed)


def picture(seed, height, width):
    """A float picture in [0, 1]."""
    return torch.sigmoid(draw(seed + 50, 1, 3, height, width))


# ---------------------------------------------------------------- cases


def start(folder, kind):
    fresh(folder)
    write_checkpoint(folder, kind)
    (folder / "runs").mkdir()


def make_sd1(folder):
    start(folder, "sd1")
    text_to_image(folder, "pndm", "pndm", 11)
    text_to_image(folder, "ddim-v", "ddim", 12, {"prediction_type": "v_prediction"})
    text_to_image(folder, "pndm-batch", "pndm", 13, batch=True)


def make_sd2(folder):
    start(folder, "sd2")
    for place, scheduler in enumerate(SCHEDULERS):
        text_to_image(folder, scheduler, scheduler, 21 + place)
    text_to_image(folder, "ddpm-batch", "ddpm", 31, batch=True)
    image_to_image(folder, "image-ddim", "ddim", 32)
    image_to_image(folder, "image-pndm", "pndm", 33)


def make_x4(folder):
    start(folder, "x4")
    upscale(folder, "ddim", "ddim", 41)
    upscale(folder, "ddim-eps", "ddim", 42, {"prediction_type": "epsilon"})


def make_readme(folder):
    fresh(folder)
    (pathlib.Path(folder) / "README.md").write_text(README, encoding="utf-8")


CASES = {
    "pipeline-sd1": make_sd1,
    "pipeline-sd2": make_sd2,
    "pipeline-x4": make_x4,
    "pipelines": make_readme,
}
