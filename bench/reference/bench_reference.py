"""The reference side of the benchmarks: diffusers and transformers on one checkpoint folder.

    python bench_reference.py unet   --model DIR --threads 2 --repeats 5 --json
    python bench_reference.py vae    --model DIR ...
    python bench_reference.py text   --model DIR ...
    python bench_reference.py sample --model DIR ...
    python bench_reference.py train  --model DIR ...
    python bench_reference.py self-test

DIR is a Hugging Face checkpoint on disk (unet/, vae/, text_encoder/, scheduler/). Inputs have the size that
SD2.1-base has and follow the checkpoint's configuration otherwise. Nothing is ever fetched.

`sample` measures what a user waits for: from the start of this process (interpreter and imports included) over
opening the text encoder and the UNet to the end of the first UNet step. It cannot be repeated in one process;
start the script several times.
"""

import os
import time

STARTED = time.time()
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import argparse
import json
import pathlib
import resource
import statistics
import sys
import tempfile

import torch

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
MODES = ("unet", "vae", "text", "sample", "train", "self-test")


def process_start():
    """Wall-clock time at which the operating system started this process; STARTED where /proc is missing."""
    try:
        ticks = int(pathlib.Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(pathlib.Path("/proc/uptime").read_text().split()[0])
        return time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return STARTED


def peak_bytes():
    """The largest resident set so far (kilobytes on Linux, bytes on macOS)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def load_unet(arguments):
    from diffusers import UNet2DConditionModel

    return load(UNet2DConditionModel, arguments, "unet")


def load_vae(arguments):
    from diffusers import AutoencoderKL

    return load(AutoencoderKL, arguments, "vae")


def load_text_encoder(arguments):
    from transformers import CLIPTextModel

    return load(CLIPTextModel, arguments, "text_encoder")


def load(model_class, arguments, part):
    """Opens one part of the checkpoint from safetensors on disk."""
    folder = pathlib.Path(arguments.model) / part
    key = "dtype" if part == "text_encoder" else "torch_dtype"  # the two libraries name it differently
    options = {key: DTYPES[arguments.dtype], "use_safetensors": True, "local_files_only": True}
    return model_class.from_pretrained(str(folder), **options).eval()


def draw(dtype, *shape):
    return torch.randn(*shape, generator=torch.Generator("cpu").manual_seed(0)).to(dtype)


def unet_step(unet, arguments):
    """A guided step: batch 2, latents of a 512x512 picture, 77 context vectors."""
    config = unet.config
    dtype = DTYPES[arguments.dtype]
    sample = draw(dtype, 2, config.in_channels, arguments.latent_size, arguments.latent_size)
    more = {"encoder_hidden_states": draw(dtype, 2, 77, config.cross_attention_dim)}
    if config.num_class_embeds:
        more["class_labels"] = torch.tensor([20, 20])
    return lambda: unet(sample, torch.tensor(981), **more).sample


def vae_decode(vae, arguments):
    latents = draw(DTYPES[arguments.dtype], 1, vae.config.latent_channels, arguments.latent_size, arguments.latent_size)
    return lambda: vae.decode(latents).sample


def vae_encode(vae, arguments):
    size = arguments.latent_size * 2 ** (len(vae.config.block_out_channels) - 1)
    pixels = draw(DTYPES[arguments.dtype], 1, 3, size, size).clamp(-1, 1)
    return lambda: vae.encode(pixels).latent_dist.mean


def text_forward(encoder, _arguments):
    """A guided prompt: batch 2 of 77 ids."""
    ids = text_ids(encoder)
    return lambda: encoder(ids).last_hidden_state


def text_ids(encoder):
    config = encoder.config
    generator = torch.Generator("cpu").manual_seed(0)
    return torch.randint(0, config.vocab_size - 2, (2, config.max_position_embeddings), generator=generator)


def train_step(unet, encoder, schedule, arguments):
    """A step of full DreamBooth: an instance and a prior picture, both networks, clipping, AdamW."""
    parameters = [*unet.parameters(), *encoder.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=5e-7, weight_decay=1e-2)
    size = arguments.latent_size
    latents, noise = draw(torch.float32, 2, 4, size, size), draw(torch.float32, 2, 4, size, size)
    timesteps = torch.tensor([981, 21])
    ids = text_ids(encoder)

    def step():
        noisy = schedule.add_noise(latents, noise, timesteps)
        predicted = unet(noisy, timesteps, encoder(ids)[0]).sample
        instance, prior = predicted.chunk(2)
        noise_instance, noise_prior = noise.chunk(2)
        loss = torch.nn.functional.mse_loss(instance, noise_instance) + torch.nn.functional.mse_loss(prior, noise_prior)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    return step


def bench_train(arguments):
    """Steps of training, in float32 without recomputation."""
    from diffusers import DDPMScheduler

    import_libraries()
    unet, encoder = load_unet(arguments).train(), load_text_encoder(arguments).train()
    schedule = DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    with torch.enable_grad():
        if arguments.recompute:
            unet.enable_gradient_checkpointing()
            encoder.gradient_checkpointing_enable()
        found = measured(train_step(unet, encoder, schedule, arguments), arguments)
    parameters = sum(p.numel() for part in (unet, encoder) for p in part.parameters())
    return {"parameters": parameters, "steps": {"train": found}}


def measured(step, arguments):
    """Seconds of each repeat, after the warm-up ones, with their median."""
    for _ in range(arguments.warmup):
        step()
    seconds = []
    for _ in range(arguments.repeats):
        begun = time.perf_counter()
        out = step()
        seconds.append(time.perf_counter() - begun)
    if not torch.isfinite(out).all():
        raise SystemExit("the output is not finite: the numbers would mean nothing")
    return {"seconds": seconds, "median_seconds": statistics.median(seconds), "output_shape": list(out.shape)}


def import_libraries():
    """Imports what opening needs, so that opening a file is not charged with it."""
    from diffusers import AutoencoderKL, UNet2DConditionModel  # noqa: F401
    from transformers import CLIPTextModel  # noqa: F401


def timed(action):
    begun = time.perf_counter()
    result = action()
    return result, time.perf_counter() - begun


def bench_part(load_part, steps, arguments):
    """Opens a part, then measures each of its `steps` (name -> maker of the step)."""
    _, importing = timed(import_libraries)
    part, opening = timed(lambda: load_part(arguments))
    parameters = sum(parameter.numel() for parameter in part.parameters())
    found = {name: measured(make(part, arguments), arguments) for name, make in steps.items()}
    return {"import_seconds": importing, "open_seconds": opening, "parameters": parameters, "steps": found}


def bench_sample(arguments):
    """From process start to the first finished UNet step, fed by the text encoder."""
    import_libraries()
    imported = time.time()
    encoder = load_text_encoder(arguments)
    context = text_forward(encoder, arguments)()
    encoded = time.time()
    unet = load_unet(arguments)
    opened = time.time()
    step = unet_step(unet, arguments)
    if context.shape[-1] != unet.config.cross_attention_dim:
        raise SystemExit("text encoder and UNet of this folder do not fit together")
    step()
    finished = time.time()
    begun = process_start()
    return {
        "first_step_seconds": finished - begun,
        "phases": {
            "start_and_imports": imported - begun,
            "open_text_encoder_and_encode": encoded - imported,
            "open_unet": opened - encoded,
            "first_unet_step": finished - opened,
        },
    }


def run(arguments):
    """The result of one mode as a plain dictionary."""
    torch.set_num_threads(arguments.threads)
    with torch.no_grad():
        if arguments.mode == "unet":
            found = bench_part(load_unet, {"unet": unet_step}, arguments)
        elif arguments.mode == "vae":
            found = bench_part(load_vae, {"decode": vae_decode, "encode": vae_encode}, arguments)
        elif arguments.mode == "text":
            found = bench_part(load_text_encoder, {"text": text_forward}, arguments)
        elif arguments.mode == "train":
            found = bench_train(arguments)
        else:
            found = bench_sample(arguments)
    return {"mode": arguments.mode, **found, **circumstances(arguments)}


def circumstances(arguments):
    """What a number means nothing without."""
    import diffusers
    import transformers

    return {
        "peak_rss_bytes": peak_bytes(),
        "threads": torch.get_num_threads(),
        "dtype": arguments.dtype,
        "latent_size": arguments.latent_size,
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
    }


def write_small_checkpoint(folder):
    """A checkpoint of SD2.1's form, small enough for a test: random weights, two UNet levels."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        norm_num_groups=4,
        cross_attention_dim=16,
        attention_head_dim=2,
        use_linear_projection=True,
    ).save_pretrained(folder / "unet")
    AutoencoderKL(
        block_out_channels=(8, 8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        norm_num_groups=4,
    ).save_pretrained(folder / "vae")
    text = CLIPTextConfig(vocab_size=100, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2)
    CLIPTextModel(text).save_pretrained(folder / "text_encoder")


def self_test(arguments):
    """Runs every mode on a small checkpoint and checks the shape of what it says."""
    with tempfile.TemporaryDirectory() as scratch:
        write_small_checkpoint(pathlib.Path(scratch))
        for mode in ("unet", "vae", "text", "sample", "train"):
            changed = {"mode": mode, "model": scratch, "latent_size": 8, "repeats": 3, "warmup": 1}
            found = run(argparse.Namespace(**{**vars(arguments), **changed}))
            json.dumps(found)
            assert found["peak_rss_bytes"] > 0
            if mode == "sample":
                assert found["first_step_seconds"] > sum(list(found["phases"].values())[1:])
            for step in found.get("steps", {}).values():
                assert len(step["seconds"]) == 3
    return {"self_test": "passed"}


def printed(found, as_json):
    if as_json:
        return json.dumps(found)
    return "\n".join(f"{name}: {value}" for name, value in found.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--model", help="checkpoint folder")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--dtype", choices=DTYPES, default="float32")
    parser.add_argument("--latent-size", type=int, default=64, help="64 for a 512x512 picture")
    parser.add_argument("--recompute", action="store_true", help="train with gradient checkpointing")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    if arguments.mode == "self-test":
        print(printed(self_test(arguments), arguments.json))
        return
    if arguments.model is None:
        parser.error("--model is needed")
    if arguments.repeats < 1:
        parser.error("--repeats must be at least 1")
    print(printed(run(arguments), arguments.json))


if __name__ == "__main__":
    main()
