"""Opens a model that Java saved and makes a picture with it.

    python check_saved.py FOLDER OUT.safetensors

Writes the latents after every step and the decoded picture: prompt "a photo", no negative prompt, guidance 7.5, 4 steps
of the folder's scheduler, seed 5, 32x32. The Java test compares them with its own.
"""

import sys

import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import save_file


def main(folder, out):
    pipeline = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    latents = []

    def keep(_pipeline, _step, _timestep, values):
        latents.append(values["latents"][0].clone())
        return values

    picture = pipeline(
        "a photo",
        height=32,
        width=32,
        num_inference_steps=4,
        guidance_scale=7.5,
        generator=torch.Generator("cpu").manual_seed(5),
        callback_on_step_end=keep,
        output_type="pt",
    ).images
    save_file({"out.latents": torch.stack(latents), "out.picture": picture.contiguous()}, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
