"""SSIM, MS-SSIM and PSNR by piq, and LIQE's and CLIP-IQAC's arithmetic on the small CLIP of clip-openai."""

import numpy as np
import piq
import torch
import torchvision
from PIL import Image

from networks import FIXTURES, hollow
from store import draw, exact, fresh, metadata, save_case


def make_similarity(folder):
    """Blocks and blocks with noise, drawn in Java as well; 171 x 203 halve to odd sides, 400 x 520 are averaged first."""
    fresh(folder)
    seed = 6100
    tensors = {}
    for name, (height, width) in {"even": (176, 192), "odd": (171, 203), "large": (520, 400)}.items():
        generator = torch.Generator().manual_seed(seed)
        blocks = torch.rand(1, 3, 12, 13, generator=generator)
        noise = torch.rand(1, 3, height, width, generator=generator)
        x = torch.nn.functional.interpolate(blocks, (height, width), mode="nearest")
        y = (x + (noise - 0.5) * 0.2).clamp(0, 1)
        x, y = ((levels * 255).round().double() / 255 for levels in (x, y))
        tensors[f"out.{name}.ssim"] = piq.ssim(x, y, data_range=1.0, reduction="none")
        tensors[f"out.{name}.msssim"] = piq.multi_scale_ssim(x, y, data_range=1.0, reduction="none")
        tensors[f"out.{name}.psnr"] = piq.psnr(x, y, data_range=1.0, reduction="none")
    save_case(folder, tensors, metadata(seed, "SSIM, MS-SSIM, PSNR", piq=piq.__version__))


def ids(count, vocabulary=300):
    """What stands for the n-th sentence, as nobody needs a tokenizer for this."""
    rows = torch.zeros(count, 77, dtype=torch.int64)
    for n in range(count):
        rows[n, :4] = torch.tensor([vocabulary - 2, 1 + n * 7 % 290, 1 + n * 13 % 280, vocabulary - 1])
    return rows


def make_quality(folder):
    """LIQE's arithmetic from its paper and file: 15 patches, mean of logits, softmax over 495, expected quality."""
    hollow("clip")
    import clip.model

    fresh(folder)
    seed = 6200
    state = torch.load(FIXTURES / "clip-openai" / "ViT.pt")
    for constant in ("input_resolution", "context_length", "vocab_size"):
        state.pop(constant)
    model = clip.model.CLIP(48, 64, 1, 128, 16, 77, 300, 64, 1, 2)
    model.load_state_dict({k: v.float() for k, v in state.items()})
    model.double().eval()
    for block in model.transformer.resblocks:
        block.attn_mask = block.attn_mask.double()
    clip.model.LayerNorm.forward = torch.nn.LayerNorm.forward
    picture = np.random.default_rng(seed).integers(0, 256, (25, 21, 3), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    mean = torch.tensor([0.48145466, 0.4578275, 0.40821073], dtype=torch.float64).view(3, 1, 1)
    deviation = torch.tensor([0.26862954, 0.26130258, 0.27577711], dtype=torch.float64).view(3, 1, 1)
    pixels = (torch.tensor(picture).permute(2, 0, 1).double() / 255 - mean) / deviation

    to_clip = torchvision.transforms.Compose(
        [
            torchvision.transforms.Resize(64, interpolation=torchvision.transforms.InterpolationMode.BICUBIC),
            torchvision.transforms.CenterCrop(64),
            torchvision.transforms.ToTensor(),
            torchvision.transforms.Normalize(mean.flatten().tolist(), deviation.flatten().tolist()),
        ]
    )
    framed = to_clip(Image.fromarray(picture))[None]

    def unit(rows):
        return rows / rows.norm(dim=1, keepdim=True)

    def compute():
        patches = pixels[None].unfold(2, 64, 9).unfold(3, 64, 9)  # 32 of 224, scaled; (1, 3, rows, columns, 64, 64)
        patches = patches.permute(0, 2, 3, 1, 4, 5).reshape(-1, 3, 64, 64)
        step = len(patches) // 15
        chosen = patches[[step * i for i in range(15)]]
        text = unit(model.encode_text(ids(495)))
        logits = model.logit_scale.exp() * unit(model.encode_image(chosen)) @ text.T
        probabilities = logits.mean(0).softmax(0).view(5, 99).sum(1)
        quality = (probabilities * torch.arange(1, 6)).sum()
        pair = unit(model.encode_text(ids(2)))
        square = pixels[None, :, :64, :64]
        both = (100 * unit(model.encode_image(square)) @ pair.T).softmax(1)
        return {"out.liqe": quality[None], "out.iqac": both[:, 0] - both[:, 1], "out.probabilities": probabilities}

    tensors = {"in.picture": torch.tensor(picture[::8, ::8].astype(np.int64)), "out.framed": framed, **exact(compute)}
    save_case(folder, tensors, metadata(seed, "LIQE and CLIP-IQAC, a picture of 8 x 8 blocks"))


CASES = {"similarity": make_similarity, "quality": make_quality}
