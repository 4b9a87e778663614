"""Single forwards and gradients of tiny text encoders, UNets and autoencoders.

All of it is computed in float64 and rounded to float32 when stored: the fixture has no error of its
own, and the whole difference to Java is Java's float32 arithmetic.
"""

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel, UNet2DModel
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel

from store import draw, float32_errors, fresh, gradients, metadata, randomise, save_case, save_json, twice

OLD_ATTENTION_NAMES = {"to_q.": "query.", "to_k.": "key.", "to_v.": "value.", "to_out.0.": "proj_attn."}


# ---------------------------------------------------------------- text encoders


def text_encoder(activation, vocabulary, hidden, pad, seed, heads=4, layers=3):
    """A CLIP text model whose last two ids are begin and end of text."""
    config = CLIPTextConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        projection_dim=hidden,
        hidden_act=activation,
        bos_token_id=vocabulary - 2,
        eos_token_id=vocabulary - 1,
        pad_token_id=pad,
    )
    return randomise(CLIPTextModel(config), seed)


def padded_ids(vocabulary, pad, seed):
    """Two rows of 77 ids: a short prompt with much padding and a full one without any."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.full((2, 77), pad, dtype=torch.int64)
    for row, length in enumerate((9, 77)):
        rows[row, :length] = torch.randint(0, vocabulary - 2, (length,), generator=generator)
        rows[row, 0] = vocabulary - 2
        rows[row, length - 1] = vocabulary - 1
    return rows


def make_text(folder, activation, vocabulary, hidden, pad, seed, published_names):
    fresh(folder)
    model = text_encoder(activation, vocabulary, hidden, pad, seed)
    save_text_encoder(model, folder, published_names)
    model.double()
    ids = padded_ids(vocabulary, pad, seed + 1)
    probe = draw(seed + 2, 2, 77, hidden)

    def compute():
        out = model(ids).last_hidden_state
        return {"out.last_hidden_state": out, **gradients(model, (out * probe).sum(), {})}

    computed = twice(compute)
    errors = float32_errors(model, compute, computed)
    tensors = {"in.ids": ids, "in.probe": probe, **computed}
    if published_names:
        tensors = {name.replace("grad.param.", "grad.param.text_model."): t for name, t in tensors.items()}
    save_case(folder / "case.safetensors", tensors, metadata(seed, f"CLIP text model, {activation}, pad id {pad}", **errors))


def save_text_encoder(model, folder, published_names):
    """Saves the model; with `published_names` every key gets the prefix "text_model.".

    Published checkpoints have that prefix; transformers 5 no longer writes it. Both exist in the wild,
    so one case has either form.
    """
    model.save_pretrained(folder)
    if published_names:
        file = str(folder / "model.safetensors")
        renamed = {f"text_model.{key}": tensor for key, tensor in load_file(file).items()}
        save_file(renamed, file, metadata={"format": "pt"})
        again = CLIPTextModel.from_pretrained(folder).state_dict()
        assert all(torch.equal(tensor, again[key]) for key, tensor in model.state_dict().items())


# ---------------------------------------------------------------- UNets


CROSS_CROSS_PLAIN = {
    "down_block_types": ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
}
PLAIN_CROSS_CROSS = {
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
}


def unet(kind, seed, context=24, sample_size=16, channels=(8, 12, 16), groups=4, heads=(2, 3, 4)):
    """A tiny UNet with the switches of SD1.4 ("sd1"), SD2.1-base ("sd2") or the x4 upscaler ("x4")."""
    switches = {
        "sd1": dict(CROSS_CROSS_PLAIN, in_channels=4, attention_head_dim=4, use_linear_projection=False),
        "sd2": dict(CROSS_CROSS_PLAIN, in_channels=4, attention_head_dim=list(heads), use_linear_projection=True),
        "x4": dict(
            PLAIN_CROSS_CROSS,
            in_channels=7,
            attention_head_dim=4,
            use_linear_projection=True,
            only_cross_attention=[True, True, False],
            num_class_embeds=50,
        ),
    }[kind]
    model = UNet2DConditionModel(
        sample_size=sample_size,
        out_channels=4,
        block_out_channels=channels,
        layers_per_block=2,
        norm_num_groups=groups,
        cross_attention_dim=context,
        **switches,
    )
    return randomise(model, seed)


def unet_inputs(kind, seed):
    """Inputs that differ in every way that could hide a mistake: two timesteps, a non-square sample."""
    height, width, tokens = {"sd1": (16, 16, 77), "sd2": (12, 20, 7), "x4": (16, 24, 11)}[kind]
    inputs = {
        "sample": draw(seed + 1, 2, 7 if kind == "x4" else 4, height, width),
        "timestep": torch.tensor([999, 37]),
        "encoder_hidden_states": draw(seed + 2, 2, tokens, 24),
    }
    if kind == "x4":
        inputs["class_labels"] = torch.tensor([20, 49])
    return inputs


def run_unet(model, inputs, probe=None):
    """Output, and gradients when there is a probe, in the model's own dtype."""
    exact = {n: t.to(model.dtype).requires_grad_() if t.is_floating_point() else t for n, t in inputs.items()}
    out = model(**exact).sample
    if probe is None:
        return {"out.sample": out}
    reached = {name: tensor for name, tensor in exact.items() if tensor.requires_grad}
    return {"out.sample": out, **gradients(model, (out * probe).sum(), reached)}


def named_inputs(inputs):
    return {f"in.{name}": tensor for name, tensor in inputs.items()}


def make_unet(folder, kind, seed):
    fresh(folder)
    model = unet(kind, seed)
    model.save_pretrained(folder)
    model.double()
    inputs = unet_inputs(kind, seed)
    probe = draw(seed + 3, 2, 4, *inputs["sample"].shape[2:])
    computed = twice(lambda: run_unet(model, inputs, probe))
    errors = float32_errors(model, lambda: run_unet(model, inputs, probe), computed)
    tensors = {**named_inputs(inputs), "in.probe": probe, **computed}
    save_case(folder / "case.safetensors", tensors, metadata(seed, f"UNet with the switches of {kind}", **errors))


def make_unet_in_dtype(folder, kind, seed, dtype):
    """The same UNet stored in half precision; expected values: the rounded weights, computed in float64."""
    fresh(folder)
    model = unet(kind, seed).to(dtype)
    model.save_pretrained(folder)
    model.double()
    inputs = unet_inputs(kind, seed)
    tensors = {**named_inputs(inputs), **twice(lambda: run_unet(model, inputs))}
    save_case(folder / "case.safetensors", tensors, metadata(seed, f"UNet {kind} stored as {dtype}"))


def make_sharded_unet(folder, kind, seed):
    """A smaller UNet in two shards with an index, as large published ones are."""
    fresh(folder)
    model = unet(kind, seed, channels=(4, 8, 8), groups=2, heads=(1, 2, 4))
    bytes_in_all = sum(4 * parameter.numel() for parameter in model.parameters())
    model.save_pretrained(folder, max_shard_size=bytes_in_all * 11 // 20)
    shards = sorted(folder.glob("*.safetensors"))
    assert len(shards) == 2, shards
    model.double()
    inputs = unet_inputs(kind, seed)
    tensors = {**named_inputs(inputs), **twice(lambda: run_unet(model, inputs))}
    save_case(folder / "case.safetensors", tensors, metadata(seed, f"UNet {kind} in two shards"))


# ---------------------------------------------------------------- guided-diffusion


GUIDED = {
    "model_type": "guided-diffusion",
    "image_size": 16,
    "num_channels": 8,
    "channel_mult": [1, 2, 3],
    "num_res_blocks": 2,
    "attention_factors": [2, 4],
    "num_head_channels": 8,
    "learn_sigma": True,
    "norm_num_groups": 4,
}

GUIDED_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}


def guided_unet(seed):
    """The function of guided-diffusion's UNetModel, computed by diffusers.

    The normalisation of the middle attention has to be asked for: with "scale_shift" there is none.
    """
    model = UNet2DModel(
        sample_size=GUIDED["image_size"],
        out_channels=6,
        block_out_channels=[GUIDED["num_channels"] * m for m in GUIDED["channel_mult"]],
        down_block_types=("ResnetDownsampleBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D"),
        layers_per_block=GUIDED["num_res_blocks"],
        downsample_type="resnet",
        upsample_type="resnet",
        resnet_time_scale_shift="scale_shift",
        attention_head_dim=GUIDED["num_head_channels"],
        norm_num_groups=GUIDED["norm_num_groups"],
        attn_norm_num_groups=GUIDED["norm_num_groups"],
    )
    return randomise(model, seed)


def guided_places(model):
    """Where guided-diffusion has each residual block and attention of `model`: diffusers' prefix -> its prefix."""
    places = {
        "mid_block.resnets.0": "middle_block.0",
        "mid_block.attentions.0": "middle_block.1",
        "mid_block.resnets.1": "middle_block.2",
    }
    number = 1  # input_blocks.0 is conv_in
    for level, block in enumerate(model.down_blocks):
        for i in range(len(block.resnets)):
            places[f"down_blocks.{level}.resnets.{i}"] = f"input_blocks.{number}.0"
            places[f"down_blocks.{level}.attentions.{i}"] = f"input_blocks.{number}.1"
            number += 1
        if block.downsamplers is not None:
            places[f"down_blocks.{level}.downsamplers.0"] = f"input_blocks.{number}.0"
            number += 1
    number = 0
    for level, block in enumerate(model.up_blocks):
        for i in range(len(block.resnets)):
            places[f"up_blocks.{level}.resnets.{i}"] = f"output_blocks.{number}.0"
            places[f"up_blocks.{level}.attentions.{i}"] = f"output_blocks.{number}.1"
            number += 1
        # after the last residual block, and its attention where there is one
        after = 2 if hasattr(block, "attentions") else 1
        places[f"up_blocks.{level}.upsamplers.0"] = f"output_blocks.{number - 1}.{after}"
    return places


def guided_names(model, tensors):
    """Tensors by diffusers' names (parameters, or their gradients) as guided-diffusion names and lays them out."""
    plain = {
        "conv_in": "input_blocks.0.0",
        "time_embedding.linear_1": "time_embed.0",
        "time_embedding.linear_2": "time_embed.2",
        "conv_norm_out": "out.0",
        "conv_out": "out.2",
    }
    places = guided_places(model)
    named = {}
    for name, tensor in tensors.items():
        prefix, kind = name.rsplit(".", 1)
        place = next((p for p in places if prefix.startswith(p + ".")), None)
        inner = prefix[len(place) + 1 :] if place else None
        if place is None:
            named[f"{plain[prefix]}.{kind}"] = tensor
        elif inner in GUIDED_RESNET:
            named[f"{places[place]}.{GUIDED_RESNET[inner]}.{kind}"] = tensor
        elif inner == "group_norm":
            named[f"{places[place]}.norm.{kind}"] = tensor
        elif inner == "to_out.0":
            named[f"{places[place]}.proj_out.{kind}"] = tensor.unsqueeze(-1) if kind == "weight" else tensor
        elif inner == "to_q":
            others = [tensors[f"{place}.{other}.{kind}"] for other in ("to_k", "to_v")]
            named[f"{places[place]}.qkv.{kind}"] = legacy_order(tensor, *others, kind)
        else:
            assert inner in ("to_k", "to_v"), name
    return named


def legacy_order(query, key, value, kind):
    """For each head its query, its key, its value, as QKVAttentionLegacy reads them; weights of a Conv1d."""
    head = GUIDED["num_head_channels"]
    rows = [part.reshape(-1, head, *part.shape[1:]) for part in (query, key, value)]
    joined = torch.stack(rows, 1).flatten(0, 2)  # (heads, 3, head, ...) -> (3 * channels, ...)
    return joined.unsqueeze(-1) if kind == "weight" else joined


def make_guided(folder, seed):
    fresh(folder)
    model = guided_unet(seed)
    save_json(folder / "config.json", GUIDED)
    torch.save({n: t.clone() for n, t in guided_names(model, model.state_dict()).items()}, folder / "uncond.pt")
    model.double()
    inputs = {"sample": draw(seed + 1, 2, 3, 16, 24), "timestep": torch.tensor([999, 37])}
    probe = draw(seed + 3, 2, 6, 16, 24)
    computed = twice(lambda: run_unet(model, inputs, probe))
    errors = float32_errors(model, lambda: run_unet(model, inputs, probe), computed)
    of_parameters = {n.removeprefix("grad.param."): t for n, t in computed.items() if n.startswith("grad.param.")}
    others = {n: t for n, t in computed.items() if not n.startswith("grad.param.")}
    renamed = {f"grad.param.{n}": t for n, t in guided_names(model, of_parameters).items()}
    tensors = {**named_inputs(inputs), "in.probe": probe, **others, **renamed}
    what = "guided-diffusion's UNet with learned variance, computed by UNet2DModel"
    save_case(folder / "case.safetensors", tensors, metadata(seed, what, **errors))


# ---------------------------------------------------------------- autoencoders


def autoencoder(levels, seed, sample_size=32, channels=(8, 12, 16, 16), scaling=0.18215, groups=4):
    """A tiny AutoencoderKL that halves the picture `levels - 1` times."""
    model = AutoencoderKL(
        block_out_channels=channels[:levels],
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        layers_per_block=2,
        latent_channels=4,
        norm_num_groups=groups,
        sample_size=sample_size,
        scaling_factor=scaling,
    )
    return randomise(model, seed)


def widen_logvar(model):
    """Scales the log-variance half of quant_conv until both limits of the clamp [-30, 20] are hit."""
    with torch.no_grad():
        model.quant_conv.weight[4:] *= 40
        model.quant_conv.bias[4:] *= 40


def run_encoder(model, pixels, probe):
    pixels = pixels.to(model.dtype).requires_grad_()
    posterior = model.encode(pixels).latent_dist
    loss = (posterior.mean * probe).sum()
    return {
        "out.mean": posterior.mean,
        "out.logvar": posterior.logvar,
        **gradients(model, loss, {"pixels": pixels}),
    }


def run_decoder(model, latents, probe):
    latents = latents.to(model.dtype).requires_grad_()
    decoded = model.decode(latents).sample
    return {"out.decoded": decoded, **gradients(model, (decoded * probe).sum(), {"latents": latents})}


def run_sampled_encoder(model, pixels, noise, probe):
    """Latents drawn from the posterior, as training draws them: mean + exp(logvar / 2) * noise."""
    pixels = pixels.to(model.dtype).requires_grad_()
    posterior = model.encode(pixels).latent_dist
    sample = posterior.mean + posterior.std * noise
    (gradient,) = torch.autograd.grad((sample * probe).sum(), pixels)
    return {"out.sample": sample, "grad.in.pixels": gradient}


def make_vae(folder, levels, size, seed, clamp):
    fresh(folder)
    scaling = 0.18215 if levels == 4 else 0.08333
    model = autoencoder(levels, seed, scaling=scaling)
    if clamp:
        widen_logvar(model)
    model.save_pretrained(folder)
    model.double()
    factor = 2 ** (levels - 1)
    pixels = draw(seed + 1, 2, 3, *size).clamp(-1, 1)
    latent_shape = (2, 4, size[0] // factor, size[1] // factor)
    latents, probe_mean, noise = (draw(seed + k, *latent_shape) for k in (2, 3, 4))
    probe_decoded = draw(seed + 5, *pixels.shape)

    def compute():
        return {**run_encoder(model, pixels, probe_mean), **run_decoder(model, latents, probe_decoded)}

    computed = twice(compute)
    errors = float32_errors(model, compute, computed)
    tensors = {
        "in.pixels": pixels,
        "in.latents": latents,
        "in.probe_mean": probe_mean,
        "in.probe_decoded": probe_decoded,
        **computed,
    }
    if clamp:
        logvar = tensors["out.logvar"]
        assert (logvar == 20).any() and (logvar == -30).any() and (logvar.abs() < 19).any()
    note = " whose log-variance hits both limits of its clamp" if clamp else ""
    save_case(folder / "case.safetensors", tensors, metadata(seed, f"AutoencoderKL f{factor}{note}", **errors))
    if not clamp:
        model.double()
        sampled = {"in.pixels": pixels, "in.noise": noise, "in.probe": probe_mean}
        sampled.update(twice(lambda: run_sampled_encoder(model, pixels, noise, probe_mean)))
        save_case(folder / "case-sample.safetensors", sampled, metadata(seed, "posterior sample, gradient to pixels"))


def make_old_names(folder, seed):
    """The tensors of vae-f8 under the attention names of older hub files; its case is that of vae-f8."""
    fresh(folder)
    model = autoencoder(4, seed)
    model.save_pretrained(folder)
    file = str(folder / "diffusion_pytorch_model.safetensors")
    save_file({old_name(key): tensor for key, tensor in load_file(file).items()}, file, metadata={"format": "pt"})
    again = AutoencoderKL.from_pretrained(folder).state_dict()
    assert all(torch.equal(tensor, again[key]) for key, tensor in model.state_dict().items())


def old_name(key):
    if ".attentions." in key:
        for new, old in OLD_ATTENTION_NAMES.items():
            key = key.replace(new, old)
    return key


CASES = {
    "clip-text-sd1": lambda folder: make_text(folder, "quick_gelu", 600, 32, 599, 1100, True),
    "clip-text-sd2": lambda folder: make_text(folder, "gelu", 620, 40, 0, 1200, False),
    "unet-sd1": lambda folder: make_unet(folder, "sd1", 2100),
    "unet-sd2": lambda folder: make_unet(folder, "sd2", 2200),
    "unet-x4": lambda folder: make_unet(folder, "x4", 2300),
    "unet-guided": lambda folder: make_guided(folder, 2500),
    "vae-f8": lambda folder: make_vae(folder, 4, (32, 32), 3100, clamp=False),
    "vae-f4": lambda folder: make_vae(folder, 3, (24, 40), 3200, clamp=True),
    "vae-f8-old-names": lambda folder: make_old_names(folder, 3100),
    "unet-sd2-sharded": lambda folder: make_sharded_unet(folder, "sd2", 2400),
    "unet-sd2-fp16": lambda folder: make_unet_in_dtype(folder, "sd2", 2200, torch.float16),
    "unet-sd2-bf16": lambda folder: make_unet_in_dtype(folder, "sd2", 2200, torch.bfloat16),
}
