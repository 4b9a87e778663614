"""Opens what Java trained with diffusers, and compares pictures.

    python check_trained.py BASE FULL LORA OUT

BASE is the checkpoint that was trained, FULL a folder that full fine-tuning wrote, LORA one that LoRA wrote. Writes
context, prediction and a sampled picture of both models for a fixed input to OUT, a safetensors file, which the Java test compares with
what its own networks give; says so if a trained model gives what the base model gives.
"""

import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import save_file


def outputs(pipeline):
    ids = pipeline.tokenizer(
        "a photo of sks person", padding="max_length", max_length=77, truncation=True, return_tensors="pt"
    ).input_ids
    latents = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        context = pipeline.text_encoder(ids)[0].repeat(2, 1, 1)
        predicted = pipeline.unet(latents, torch.tensor([981, 21]), context).sample
    picture = pipeline(
        "a photo of sks person",
        height=32,
        width=32,
        num_inference_steps=4,
        guidance_scale=7.5,
        generator=torch.Generator().manual_seed(5),
        output_type="pt",
    ).images
    return {"ids": ids, "context": context, "predicted": predicted, "picture": picture}


def main(base, full, lora, out):
    plain = outputs(StableDiffusionPipeline.from_pretrained(base, local_files_only=True))
    whole = outputs(StableDiffusionPipeline.from_pretrained(full, local_files_only=True))
    adapted = StableDiffusionPipeline.from_pretrained(base, local_files_only=True)
    adapted.load_lora_weights(lora, local_files_only=True)
    adapted = outputs(adapted)
    for name, found in (("full", whole), ("lora", adapted)):
        for part in ("context", "predicted"):
            if torch.allclose(found[part], plain[part], atol=1e-4):
                raise SystemExit(f"{name}: {part} is that of the base model")
    tensors = {f"full.{k}": v for k, v in whole.items()}
    tensors.update({f"lora.{k}": v for k, v in adapted.items()})
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
