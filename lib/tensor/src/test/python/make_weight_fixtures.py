"""Makes src/test/resources/weights/: tiny checkpoints of every kind read here, and expected.json beside them.

Run with torch and safetensors: python make_weight_fixtures.py
expected.json maps file -> tensor -> {type, shape, data}, data being base64 of row-major little-endian elements.
"""

import base64
import collections
import json
import pathlib
import warnings

import torch
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "weights"
TYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(2, 3, 1)
        self.norm = torch.nn.BatchNorm2d(3)

    def forward(self, x):
        return self.norm(self.conv(x))


class Call:
    """Pickles as a call, as an attack would."""

    def __reduce__(self):
        return (print, ("executed",))


def every_type():
    tensors = {f"plain.{name.lower()}": torch.arange(6).reshape(2, 3).to(t) for t, name in TYPES.items()}
    tensors["plain.f32"] = torch.tensor([[1.5, -2.25, 3e-8], [float("inf"), 0.0, -0.0]])
    return tensors


def nested():
    base = torch.arange(24, dtype=torch.float32)
    return {
        "params_ema": collections.OrderedDict(
            every_type(),
            transposed=base.reshape(4, 6).t(),
            permuted=base.reshape(2, 3, 4).permute(2, 0, 1),
            every_other=base[1::2],
            expanded=base[:3].unsqueeze(0).expand(2, 3),
            shared_head=base[:6],
            shared_tail=base[18:].reshape(2, 3),
            parameter=torch.nn.Parameter(torch.tensor([0.5, 0.25])),
            transposed_half=torch.arange(6).reshape(2, 3).half().t(),
            scalar=torch.tensor(7.0),
            empty=torch.zeros(0, 3),
        ),
        "optimizer": {"state": {0: {"step": torch.tensor(3)}}, "groups": [{"lr": 0.001, "params": [0, 1]}]},
        "epoch": 12,
        "arch": "tiny",
        "frozen": True,
        "nothing": None,
        "pair": (torch.tensor([1, 2]), torch.tensor([3])),
    }


def flat(value, name=""):
    if isinstance(value, torch.Tensor):
        yield name, value.detach()
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from flat(child, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        for index, child in enumerate(value):
            yield from flat(child, f"{name}.{index}" if name else str(index))


def described(value):
    result = {}
    for name, tensor in flat(value):
        raw = tensor.contiguous().view(-1).view(torch.uint8) if tensor.dim() else tensor.reshape(1).view(torch.uint8)
        data = base64.b64encode(bytes(raw.tolist())).decode()
        result[name] = {"type": TYPES[tensor.dtype], "shape": list(tensor.shape), "data": data}
    return result


def main():
    torch.manual_seed(0)
    warnings.simplefilter("ignore")
    OUT.mkdir(exist_ok=True)
    expected = {}
    module = Tiny().eval()
    state = module.state_dict()

    def saved(name, value, **options):
        torch.save(value, OUT / name, **options)
        expected[name] = described(value)

    saved("state-zip.pth", state)
    saved("state-legacy.pth", state, _use_new_zipfile_serialization=False)
    saved("nested-zip.pt", nested())
    saved("nested-legacy.pt", nested(), _use_new_zipfile_serialization=False)
    saved("protocol4.pt", nested(), pickle_protocol=4)
    torch.save({"weight": torch.zeros(1), "bad": Call()}, OUT / "call-zip.pt")
    torch.save({"weight": torch.zeros(1), "bad": Call()}, OUT / "call-legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(module, OUT / "module.pt")
    torch.save({"sparse": torch.eye(2).to_sparse()}, OUT / "sparse.pt")
    torch.jit.save(torch.jit.script(module), OUT / "script.pt")
    expected["script.pt"] = described(dict(state))

    tensors = every_type()
    tensors["scalar"] = torch.tensor(7.0)
    tensors["empty"] = torch.zeros(0, 3)
    save_file(tensors, OUT / "types.safetensors", metadata={"format": "pt"})
    expected["types.safetensors"] = described(tensors)
    save_file({}, OUT / "none.safetensors")
    expected["none.safetensors"] = {}

    shards = {
        "sharded-00001-of-00002.safetensors": {"a.weight": torch.ones(2, 2), "a.bias": torch.zeros(2)},
        "sharded-00002-of-00002.safetensors": {"b.weight": torch.full((2,), 3.0)},
    }
    for name, content in shards.items():
        save_file(content, OUT / name)
    everything = {tensor: value for content in shards.values() for tensor, value in content.items()}
    index = {
        "metadata": {"total_size": 32},
        "weight_map": {tensor: name for name, content in shards.items() for tensor in content},
    }
    (OUT / "sharded.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
    expected["sharded.safetensors.index.json"] = described(everything)
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
