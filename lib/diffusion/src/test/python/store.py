"""What every case shares: seeded values, random weights that all matter, and the file format."""

import json
import pathlib
import shutil

import diffusers
import torch
import transformers
from safetensors.torch import save_file


def draw(seed, *shape, scale=1.0):
    """Standard normal float32 values times `scale`, from a generator of their own."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)) * scale


def randomise(model, seed):
    """Gives every parameter a value that matters: no zero-initialised layer, no unit norm stays.

    Weights get variance 1 / fan-in, so that activations stay O(1) through the network.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(_scaled(name, parameter, noise))
    return model.eval()


def _scaled(name, parameter, noise):
    if "embedding" in name and parameter.dim() == 2 and "linear" not in name:
        return 0.5 * noise
    if parameter.dim() >= 2:
        return noise / parameter[0].numel() ** 0.5
    if name.endswith("weight"):  # the scale of a GroupNorm or LayerNorm
        return 1 + 0.2 * noise
    return 0.1 * noise


def fresh(folder):
    """Empties `folder`, so that no file of an earlier layout survives."""
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def metadata(seed, what, **more):
    """The safetensors metadata of a case: versions, seed and a sentence on what it is."""
    entries = {
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "seed": str(seed),
        "what": what,
    }
    entries.update({key: str(value) for key, value in more.items()})
    return entries


def save_case(path, tensors, meta):
    """Writes one case file: floats as float32, whole numbers as int64."""
    stored = {}
    for name, tensor in sorted(tensors.items()):
        tensor = tensor.detach()
        if tensor.is_floating_point():
            if not torch.isfinite(tensor).all():
                raise ValueError(f"{name} is not finite")
            stored[name] = tensor.to(torch.float32).contiguous().clone()
        else:
            stored[name] = tensor.to(torch.int64).contiguous().clone()
    save_file(stored, str(path), metadata=meta)
    _sort_header(pathlib.Path(path))


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
    """Writes readable JSON with a stable order of keys."""
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
    pathlib.Path(path).write_text(text + "\n", encoding="utf-8")


def gradients(model, loss, inputs):
    """d loss / d inputs and d loss / d parameters, named as the case files name them.

    Every parameter that the loss reaches must matter: a gradient of zero means that a Java mistake in
    that parameter could not be seen. Biases of attention keys are the one exception: softmax does not
    change when all its logits move together, so their true gradient is zero.
    """
    parameters = {name: parameter for name, parameter in model.named_parameters()}
    wanted = {f"grad.in.{name}": tensor for name, tensor in inputs.items()}
    wanted.update({f"grad.param.{name}": parameter for name, parameter in parameters.items()})
    values = torch.autograd.grad(loss, list(wanted.values()), allow_unused=True)
    found = {name: value for name, value in zip(wanted, values) if value is not None}
    for name, value in found.items():
        if value.norm() < 1e-6 and not name.endswith(("k_proj.bias", "to_k.bias")):
            raise ValueError(f"{name} does not matter to the loss")
    return found


def twice(compute):
    """Runs `compute` two times and insists on the same bits: a fixture must not depend on luck."""
    first, second = compute(), compute()
    for name in first:
        if not torch.equal(first[name], second[name]):
            raise ValueError(f"{name} differs between two runs")
    return first


def float32_errors(model, compute, exact):
    """What plain float32 arithmetic costs here: relative L2 error of each output, and of all gradients.

    Goes into the metadata, so that a tolerance on the Java side has a number to stand on. Leaves the
    model in float32.
    """
    model.float()
    single = compute()

    def error(names):
        difference = sum(float((single[n].detach().double() - exact[n].detach()).square().sum()) for n in names)
        return (difference / sum(float(exact[n].detach().square().sum()) for n in names)) ** 0.5

    errors = {f"float32_error.{n}": f"{error([n]):.1e}" for n in exact if n.startswith("out.")}
    errors["float32_error.grad"] = f"{error([n for n in exact if n.startswith('grad.')]):.1e}"
    return errors
