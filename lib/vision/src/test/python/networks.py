"""One forward run of every network, in float64 and rounded once, by packages that others wrote."""

import functools
import importlib.util
import pathlib
import sys
import types

import torch

from store import draw, exact, float32_error, fresh, metadata, save_case, seeded

# facexlib wants to download weights on import of its helpers; the architectures need none.
from facexlib.detection.retinaface import RetinaFace
from facexlib.parsing.parsenet import ParseNet

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures"


def hollow(*names):
    """Makes packages importable without running their __init__, which pulls in far more than architectures."""
    root = pathlib.Path(importlib.util.find_spec(names[0]).submodule_search_locations[0])
    for name in names:
        package = types.ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        package.get_root_logger = lambda: None
        sys.modules[name] = package


@functools.cache
def codeformer_class():
    hollow("codeformer", "codeformer.basicsr", "codeformer.basicsr.archs", "codeformer.basicsr.utils")
    import codeformer.basicsr.archs.codeformer_arch as arch

    return arch


def small_codeformer():
    """Three levels of 32 channels; the code map keeps its 16 x 16 positions of width 256."""
    arch = codeformer_class()

    class Small(arch.CodeFormer):
        def __init__(self):
            arch.VQAutoEncoder.__init__(self, 64, 32, [1, 1, 1], "nearest", 2, [16], 96)
            self.connect_list = ["32", "64"]
            self.position_emb = torch.nn.Parameter(torch.zeros(256, 64))
            self.feat_emb = torch.nn.Linear(256, 64)
            layer = arch.TransformerSALayer
            self.ft_layers = torch.nn.Sequential(*[layer(embed_dim=64, nhead=4, dim_mlp=128) for _ in range(2)])
            self.idx_pred_layer = torch.nn.Sequential(torch.nn.LayerNorm(64), torch.nn.Linear(64, 96, bias=False))
            self.fuse_encoder_block = {"64": 2, "32": 5}
            self.fuse_generator_block = {"32": 9, "64": 12}
            self.fuse_convs_dict = torch.nn.ModuleDict({s: arch.Fuse_sft_block(32, 32) for s in self.connect_list})

    return Small()


def run_codeformer(model, face, w, adain, step=1):
    # The original casts one-hot rows to float32: in float64 only its own dtype works.
    model.quantize.get_codebook_feat = lambda index, shape: (
        model.quantize.embedding.weight[index.reshape(-1)].view(shape).permute(0, 3, 1, 2).contiguous()
    )
    out, logits, _ = model(face, w=w, adain=adain)
    return out[:, :, ::step, ::step], logits


def make_codeformer(folder):
    fresh(folder)
    seed = 4100
    model = seeded(small_codeformer(), seed)
    face = draw(seed + 1, 2, 3, 64, 64).clamp(-1, 1)
    single = run_codeformer(model, face, 0.5, True)[0]
    model.double()

    def compute():
        tensors = {}
        for w, adain in ((0.5, True), (1.0, False), (0.0, True), (0.7, False)):
            tensors[f"out.w{w}.{'adain' if adain else 'plain'}"], logits = run_codeformer(model, face.double(), w, adain)
        tensors["out.logits"] = logits[:1]
        top = logits.topk(2, dim=2).values
        assert float((top[..., 0] - top[..., 1]).min()) > 1e-4, "a tie: float32 may choose another code"
        return tensors

    found = exact(compute)
    error = float32_error(single, found["out.w0.5.adain"])
    save_case(folder, {"in.face": face, **found}, metadata(seed, "CodeFormer, three levels", float32_error=error))


def make_full_codeformer(folder):
    """The published size; every 8th pixel is kept."""
    fresh(folder)
    seed = 4200
    model = seeded(codeformer_class().CodeFormer(), seed)
    torch.manual_seed(0)
    face = draw(seed + 1, 1, 3, 512, 512).clamp(-1, 1)
    single, _ = run_codeformer(model, face, 0.5, True, 8)
    model.double()
    with torch.no_grad():
        out, logits = run_codeformer(model, face.double(), 0.5, True, 8)
    top = logits.topk(2, dim=2).values
    margin = float((top[..., 0] - top[..., 1]).min())
    meta = metadata(
        seed,
        "CodeFormer of published size, in.face drawn from seed + 1",
        float32_error=float32_error(single, out),
        smallest_margin_of_a_code=f"{margin:.1e}",
    )
    save_case(folder, {"out.face": out, "out.codes": logits.argmax(2)}, meta)


def make_retinaface(folder):
    fresh(folder)
    seed = 4300
    model = seeded(RetinaFace("resnet50", device="cpu"), seed)
    picture = draw(seed + 1, 2, 3, 75, 101)

    def compute():
        boxes, scores, landmarks = model(picture.to(next(model.parameters()).dtype))
        return {"out.boxes": boxes, "out.scores": scores, "out.landmarks": landmarks}

    with torch.no_grad():
        single = compute()
    model.double()
    found = exact(compute)
    errors = {f"float32_error.{n}": float32_error(single[n], found[n]) for n in found}
    save_case(folder, {"in.picture": picture, **found}, metadata(seed, "RetinaFace R50 of published size", **errors))


def make_parsenet(folder):
    fresh(folder)
    seed = 4400
    model = seeded(ParseNet(in_size=512, out_size=512, parsing_ch=19), seed)
    face = draw(seed + 1, 1, 3, 96, 64).clamp(-1, 1)

    def compute():
        mask, image = model(face.to(next(model.parameters()).dtype))
        return {"out.mask": mask[:, :, ::2, ::2], "out.image": image[:, :, ::2, ::2]}

    with torch.no_grad():
        single = compute()
    model.double()
    found = exact(compute)
    errors = {f"float32_error.{n}": float32_error(single[n], found[n]) for n in found}
    save_case(folder, {"in.face": face, **found}, metadata(seed, "ParseNet of published size", **errors))


def clip_inputs(seed, size, vocabulary):
    generator = torch.Generator().manual_seed(seed + 2)
    ids = torch.zeros(3, 77, dtype=torch.int64)
    for row, length in enumerate((5, 77, 20)):
        ids[row, :length] = torch.randint(1, vocabulary - 2, (length,), generator=generator)
        ids[row, 0] = vocabulary - 2
        ids[row, length - 1] = vocabulary - 1
    return draw(seed + 1, 2, 3, size, size), ids


def make_clip_openai(folder):
    hollow("clip")
    import clip.model

    fresh(folder)
    seed = 4500
    model = seeded(clip.model.CLIP(48, 64, 1, 128, 16, 77, 300, 64, 1, 2).float(), seed)
    model.float()
    constants = {"input_resolution": 64, "context_length": 77, "vocab_size": 300}
    state = {k: v.half() if v.dim() > 1 else v for k, v in model.state_dict().items()}
    model.load_state_dict(state)  # the rounded weights are the true ones
    torch.save({**state, **{k: torch.tensor(v) for k, v in constants.items()}}, folder / "ViT.pt")
    pixels, ids = clip_inputs(seed, 64, 300)
    model.double()
    for block in model.transformer.resblocks:
        block.attn_mask = block.attn_mask.double()

    clip.model.LayerNorm.forward = torch.nn.LayerNorm.forward  # the original's norms cast to float32
    found = exact(lambda: {"out.pictures": model.encode_image(pixels), "out.texts": model.encode_text(ids)})
    save_case(folder, {"in.pixels": pixels, "in.ids": ids, **found}, metadata(seed, "OpenAI CLIP ViT, own names"))


def make_clip_hf(folder):
    from transformers import CLIPConfig, CLIPModel

    fresh(folder)
    seed = 4600
    text = dict(
        vocab_size=300, hidden_size=64, intermediate_size=256, num_hidden_layers=2, num_attention_heads=1,
        hidden_act="quick_gelu", bos_token_id=298, eos_token_id=299, pad_token_id=0, projection_dim=48,
    )
    vision = dict(
        hidden_size=128, intermediate_size=512, num_hidden_layers=1, num_attention_heads=2, image_size=64,
        patch_size=16, hidden_act="quick_gelu", projection_dim=48,
    )
    model = seeded(CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=48)), seed)
    model.half().save_pretrained(folder)
    (folder / "config.json").unlink()
    model.double()
    pixels, ids = clip_inputs(seed, 64, 300)

    def compute():
        outputs = model(input_ids=ids, pixel_values=pixels.double())
        return {
            "out.pictures": outputs.vision_model_output.pooler_output,
            "out.texts": outputs.text_model_output.pooler_output,
        }

    found = exact(compute)
    save_case(folder, {"in.pixels": pixels, "in.ids": ids, **found}, metadata(seed, "CLIP ViT, Hugging Face names"))


def make_lpips(folder, net):
    import lpips

    fresh(folder)
    seed = 4700
    model = lpips.LPIPS(pretrained=False, pnet_rand=True, net=net, use_dropout=True, verbose=False)
    # Weights of the heads are positive in the published files.
    seeded(model, seed, rename=lpips_name, skip=("scaling_layer.shift", "scaling_layer.scale"))
    for head in model.lins:
        head.model[1].weight.data.abs_()
    a = draw(seed + 1, 2, 3, 70, 64).clamp(-1, 1)
    torch.save({k: v.clone() for k, v in model.state_dict().items() if k.startswith("lin") and k[3] != "s"}, folder / "heads.pth")
    b = (a + draw(seed + 2, 2, 3, 70, 64, scale=0.1)).clamp(-1, 1)

    def compute():
        dtype = next(model.parameters()).dtype
        total, parts = model(a.to(dtype), b.to(dtype), retPerLayer=True)
        return {"out.distance": total.flatten(), **{f"out.layer{i}": p.flatten() for i, p in enumerate(parts)}}

    with torch.no_grad():
        single = compute()
    model.double()
    found = exact(compute)
    error = float32_error(single["out.distance"], found["out.distance"])
    save_case(folder, {"in.a": a, "in.b": b, **found}, metadata(seed, f"LPIPS {net}", float32_error=error))


def lpips_name(name):
    """net.slice2.3.weight -> features.3.weight, as torchvision's files name it; lins.0 repeats lin0."""
    parts = name.split(".")
    if parts[0] == "net":
        return "features." + ".".join(parts[2:])
    return name.replace("lins.", "lin")


CASES = {
    "codeformer": make_codeformer,
    "codeformer-full": make_full_codeformer,
    "retinaface": make_retinaface,
    "parsenet": make_parsenet,
    "clip-openai": make_clip_openai,
    "clip-hf": make_clip_hf,
    "lpips-alex": lambda folder: make_lpips(folder, "alex"),
    "lpips-vgg": lambda folder: make_lpips(folder, "vgg"),
}
