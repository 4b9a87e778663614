"""What every case shares: weights that need no file, and the format of a case."""

import json
import pathlib
import shutil
import zlib

import torch
from safetensors.torch import save_file


def draw(seed, *shape, scale=1.0):
    """Standard normal float32 values times `scale`, from a generator of their own."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)) * scale


def weight(name, shape, seed):
    """The value of a parameter or buffer, told from its name, shape and the case's seed alone.

    PyTorch's CPU generator gives the same numbers in Java, so that networks of full published size
    are compared without a weights file (SeededWeights.java has the same lines). Every value matters:
    no bias is zero, no norm is one.
    """
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()) + seed)
    if name.endswith("logit_scale"):
        return torch.tensor(3.0)
    if name.endswith("running_var"):
        return torch.rand(shape, generator=generator) + 0.5
    noise = torch.randn(shape, generator=generator)
    if len(shape) >= 2:
        return noise / (noise[0].numel() ** 0.5)
    if name.endswith("weight"):
        return 1 + 0.2 * noise
    return 0.1 * noise


def seeded(model, seed, rename=lambda name: name, skip=()):
    """Fills a model; `rename` gives the published name of a parameter."""
    state = {}
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked") or not value.is_floating_point() or name in skip:
            state[name] = value
        else:
            state[name] = weight(rename(name), tuple(value.shape), seed)
    model.load_state_dict(state)
    return model.eval()


def exact(compute):
    """Runs `compute` twice, insists on the same bits, and returns the tensors."""
    with torch.no_grad():
        first, second = compute(), compute()
    for name in first:
        if not torch.equal(first[name], second[name]):
            raise ValueError(f"{name} differs between two runs")
    return first


def metadata(seed, what, **more):
    return {"torch": torch.__version__, "seed": str(seed), "what": what, **{k: str(v) for k, v in more.items()}}


def fresh(folder):
    """Empties `folder`, so that no file of an earlier layout survives."""
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def save_case(folder, tensors, meta):
    """Writes case.safetensors: floats as float32, whole numbers as int64."""
    stored = {}
    for name, tensor in sorted(tensors.items()):
        tensor = tensor.detach()
        if tensor.is_floating_point():
            if not torch.isfinite(tensor).all():
                raise ValueError(f"{name} is not finite")
            stored[name] = tensor.to(torch.float32).contiguous().clone()
        else:
            stored[name] = tensor.to(torch.int64).contiguous().clone()
    path = pathlib.Path(folder) / "case.safetensors"
    save_file(stored, str(path), metadata=meta)
    _sort_header(path)


def _sort_header(path):
    """Rewrites the header with sorted metadata: the library writes it in an order that changes per run."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])


def save_json(path, value):
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
    pathlib.Path(path).write_text(text + "\n", encoding="utf-8")


def float32_error(tensor, exactly):
    """The largest difference relative to the largest value."""
    return f"{float((tensor.double() - exactly).abs().max() / exactly.abs().max()):.1e}"
