"""Face detection by SCRFD, face embeddings by ArcFace and VGG-Face, and the decoding of RetinaFace.

No package has these without training code or downloads, so the references for iresnet, SCRFD's decoding and
VGG-Face are written here from their papers and file formats; RetinaFace's decoding is facexlib's.
"""

import h5py
import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
import torchvision
from onnx import TensorProto, helper, numpy_helper

from facexlib.detection.retinaface import generate_config
from facexlib.detection.retinaface_utils import PriorBox, decode, decode_landm
from store import draw, exact, float32_error, fresh, metadata, save_case, seeded

# ---------------------------------------------------------------- RetinaFace's decoding


def make_retina_decoding(folder):
    fresh(folder)
    seed = 5100
    width, height = 101, 75
    config = generate_config("resnet50")
    priors = PriorBox(config, image_size=(height, width)).forward()
    anchors = len(priors)
    boxes, landmarks = draw(seed + 1, anchors, 4), draw(seed + 2, anchors, 10)
    scores = torch.softmax(draw(seed + 3, anchors, 2, scale=1.5), dim=1)
    found = decode(boxes, priors, config["variance"]) * torch.tensor([width, height] * 2)
    marks = decode_landm(landmarks, priors, config["variance"]) * torch.tensor([width, height] * 5)
    sure = scores[:, 1] > 0.8
    rows = torch.cat([found[sure], scores[sure, 1:], marks[sure]], dim=1)
    rows = rows[rows[:, 4].argsort(descending=True)]
    rows = rows[torchvision.ops.nms(rows[:, :4], rows[:, 4], 0.4)]
    tensors = {"in.boxes": boxes[None], "in.scores": scores[None], "in.landmarks": landmarks[None], "out.faces": rows}
    save_case(folder, tensors, metadata(seed, f"{len(rows)} faces of {int(sure.sum())} anchors, 101 x 75 pixels"))


# ---------------------------------------------------------------- SCRFD


def small_scrfd(folder, seed):
    """A detector with SCRFD's nine outputs: means of each cell through one convolution a head."""
    nodes, weights, outputs = [], [], []
    heads = (("score", 1, 3.0), ("bbox", 4, 1.5), ("kps", 10, 1.0))
    for kind, values, scale in heads:
        for stride in (8, 16, 32):
            name = f"{kind}_{stride}"
            w = draw(seed + stride + values, 2 * values, 3, 1, 1, scale=scale).numpy()
            b = np.full(2 * values, {"score": -2.0, "bbox": 3.0, "kps": 0.5}[kind], np.float32)
            weights += [numpy_helper.from_array(w, name + "_w"), numpy_helper.from_array(b, name + "_b")]
            nodes += [
                helper.make_node("AveragePool", ["input.1"], [name + "_p"], kernel_shape=[stride] * 2, strides=[stride] * 2),
                helper.make_node("Conv", [name + "_p", name + "_w", name + "_b"], [name + "_c"], kernel_shape=[1, 1]),
                helper.make_node("Transpose", [name + "_c"], [name + "_t"], perm=[2, 3, 0, 1]),
                helper.make_node("Reshape", [name + "_t", f"shape_{values}"], [name + ("_r" if kind == "score" else "")]),
            ]
            if kind == "score":
                nodes.append(helper.make_node("Sigmoid", [name + "_r"], [name]))
            outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, values]))
        weights.append(numpy_helper.from_array(np.array([-1, values], np.int64), f"shape_{values}"))
    inputs = [helper.make_tensor_value_info("input.1", TensorProto.FLOAT, [1, 3, None, None])]
    save_onnx(folder / "scrfd.onnx", nodes, inputs, outputs, weights)


def save_onnx(path, nodes, inputs, outputs, weights):
    graph = helper.make_graph(nodes, "small", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


def scrfd_faces(outputs, size, threshold, overlap):
    """Boxes as distances from the anchors, in float64; overlap counts edge pixels."""
    rows = []
    for level, stride in enumerate((8, 16, 32)):
        scores, boxes, marks = (outputs[level + 3 * k].astype(np.float64) for k in range(3))
        cells = size // stride
        y, x = np.mgrid[0:cells, 0:cells]
        centres = np.repeat(np.stack([x, y], -1).reshape(-1, 2) * float(stride), 2, axis=0)
        boxes, marks = boxes * stride, marks * stride
        corners = np.concatenate([centres - boxes[:, :2], centres + boxes[:, 2:]], axis=1)
        points = (centres[:, None] + marks.reshape(-1, 5, 2)).reshape(-1, 10)
        sure = scores[:, 0] >= threshold
        rows.append(np.concatenate([corners, scores, points], axis=1)[sure])
    rows = np.concatenate(rows)
    rows = rows[np.argsort(-rows[:, 4], kind="stable")]
    kept = []
    for row in rows:
        area = (row[2] - row[0] + 1) * (row[3] - row[1] + 1)
        hidden = False
        for better in kept:
            w = min(row[2], better[2]) - max(row[0], better[0]) + 1
            h = min(row[3], better[3]) - max(row[1], better[1]) + 1
            both = max(0, w) * max(0, h)
            other = (better[2] - better[0] + 1) * (better[3] - better[1] + 1)
            hidden |= both / (area + other - both) > overlap
        if not hidden:
            kept.append(row)
    return np.stack(kept), len(rows)


def make_scrfd(folder):
    """A square picture of noise in blocks, so that no resizing takes part."""
    fresh(folder)
    seed = 5200
    small_scrfd(folder, seed)
    blocks = np.random.default_rng(seed).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    picture = blocks.repeat(32, axis=0).repeat(32, axis=1)
    blob = ((picture.astype(np.float32) - 127.5) / 128).transpose(2, 0, 1)[None]
    session = onnxruntime.InferenceSession(folder / "scrfd.onnx", providers=["CPUExecutionProvider"])
    rows, before = scrfd_faces(session.run(None, {"input.1": blob}), 640, 0.5, 0.4)
    assert 5 < len(rows) < before
    tensors = {"in.blocks": torch.tensor(blocks.astype(np.int64)), "out.faces": torch.tensor(rows)}
    save_case(folder, tensors, metadata(seed, f"SCRFD decoding, {len(rows)} of {before} boxes above the threshold"))


# ---------------------------------------------------------------- ArcFace


class Block(torch.nn.Module):
    """bn, conv, bn, prelu, conv (strided), bn; the input added, strided itself where need be."""

    def __init__(self, before, width, stride):
        super().__init__()
        self.bn1 = torch.nn.BatchNorm2d(before)
        self.conv1 = torch.nn.Conv2d(before, width, 3, 1, 1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(width)
        self.prelu = torch.nn.PReLU(width)
        self.conv2 = torch.nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn3 = torch.nn.BatchNorm2d(width)
        self.downsample = None
        if stride > 1 or before != width:
            self.downsample = torch.nn.Sequential(
                torch.nn.Conv2d(before, width, 1, stride, bias=False), torch.nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = self.prelu(self.bn2(self.conv1(self.bn1(x))))
        return self.bn3(self.conv2(h)) + (x if self.downsample is None else self.downsample(x))


class IResNet(torch.nn.Module):
    def __init__(self, blocks, width=64):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(width)
        self.prelu = torch.nn.PReLU(width)
        before = width
        for stage, count in enumerate(blocks):
            after = width << stage
            layers = [Block(before if i == 0 else after, after, 2 if i == 0 else 1) for i in range(count)]
            setattr(self, f"layer{stage + 1}", torch.nn.Sequential(*layers))
            before = after
        self.bn2 = torch.nn.BatchNorm2d(before)
        self.fc = torch.nn.Linear(before * 49, 512)
        self.features = torch.nn.BatchNorm1d(512)

    def forward(self, x):
        h = self.prelu(self.bn1(self.conv1(x)))
        h = self.layer4(self.layer3(self.layer2(self.layer1(h))))
        return self.features(self.fc(self.bn2(h).flatten(1)))


def make_iresnet(folder):
    fresh(folder)
    seed = 5300
    model = seeded(IResNet((3, 4, 14, 3)), seed)
    faces = draw(seed + 1, 2, 3, 112, 112, scale=0.5)
    with torch.no_grad():
        single = model(faces)
    model.double()
    found = exact(lambda: {"out.embeddings": model(faces.double())})
    error = float32_error(single, found["out.embeddings"])
    # The faces are drawn in Java as well.
    save_case(folder, found, metadata(seed, "iresnet50, faces drawn from seed + 1 times 0.5", float32_error=error))


def make_arcface(folder):
    """A small recogniser in ONNX and the embedding of one picture with given levels."""
    fresh(folder)
    seed = 5400
    weights = [
        numpy_helper.from_array(draw(seed, 4, 3, 7, 7, scale=0.1).numpy(), "w"),
        numpy_helper.from_array(draw(seed + 3, 4).numpy(), "b"),
        numpy_helper.from_array(draw(seed + 1, 4, 1, 1, scale=0.3).numpy(), "slope"),
        numpy_helper.from_array(draw(seed + 2, 4 * 16 * 16, 64, scale=0.05).numpy().astype(np.float16), "m16"),
    ]
    nodes = [
        helper.make_node("Conv", ["input.1", "w", "b"], ["c"], kernel_shape=[7, 7], strides=[7, 7]),
        helper.make_node("PRelu", ["c", "slope"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Cast", ["m16"], ["m"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["f", "m"], ["683"]),
    ]
    inputs = [helper.make_tensor_value_info("input.1", TensorProto.FLOAT, [None, 3, 112, 112])]
    outputs = [helper.make_tensor_value_info("683", TensorProto.FLOAT, [None, 64])]
    save_onnx(folder / "arcface.onnx", nodes, inputs, outputs, weights)
    picture = np.random.default_rng(seed).integers(0, 256, (112, 112, 3), dtype=np.uint8)
    blob = ((picture.astype(np.float32) - 127.5) / 127.5).transpose(2, 0, 1)[None]
    session = onnxruntime.InferenceSession(folder / "arcface.onnx", providers=["CPUExecutionProvider"])
    (embedding,) = session.run(None, {"input.1": blob})
    embedding = embedding.astype(np.float64)
    tensors = {
        "in.picture": torch.tensor(picture.astype(np.int64)),
        "out.embedding": torch.tensor(embedding / np.linalg.norm(embedding)),
    }
    save_case(folder, tensors, metadata(seed, "an ONNX recogniser, RGB levels less 127.5 over 127.5"))


# ---------------------------------------------------------------- VGG-Face


def make_vggface(folder):
    """Keras weights: one group a layer, with Keras 2's names; kernels are (height, width, in, out)."""
    fresh(folder)
    seed = 5500
    groups, hidden, classes = ((4, 2), (6, 2), (8, 3), (8, 3), (8, 3)), 12, 10
    shapes, before = [], 3
    for width, count in groups:
        for _ in range(count):
            shapes.append((3, before, width))
            before = width
    shapes += [(7, before, hidden), (1, hidden, hidden), (1, hidden, classes)]
    layers = []
    with h5py.File(folder / "vgg_face_weights.h5", "w") as file:
        names = []
        for n, (kernel, before, after) in enumerate(shapes):
            name = f"conv2d_{n + 1}"
            fan_in = kernel * kernel * before
            k = draw(seed + 2 * n, kernel, kernel, before, after, scale=(2 / fan_in) ** 0.5)
            b = draw(seed + 2 * n + 1, after, scale=0.1)
            group = file.create_group(name)
            group.attrs["weight_names"] = [f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()]
            group.create_dataset(f"{name}/kernel:0", data=k.numpy())
            group.create_dataset(f"{name}/bias:0", data=b.numpy())
            names += [f"zero_padding2d_{n + 1}", name]
            file.create_group(f"zero_padding2d_{n + 1}").attrs["weight_names"] = np.array([], dtype="S1")
            layers.append((k.double().permute(3, 2, 0, 1), b.double()))
        file.attrs["layer_names"] = [name.encode() for name in names]
        file.attrs["backend"] = b"tensorflow"
    pixels = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(seed + 100))

    def compute():
        h, at = pixels.double(), 0
        for _, count in groups:
            for _ in range(count):
                h, at = F.relu(F.conv2d(h, *layers[at], padding=1)), at + 1
            h = F.max_pool2d(h, 2)
        h = F.relu(F.conv2d(h, *layers[at]))
        h = F.relu(F.conv2d(h, *layers[at + 1]))
        return {"out.logits": F.conv2d(h, *layers[at + 2]).flatten(1)}

    # The pixels are drawn in Java as well.
    save_case(folder, exact(compute), metadata(seed, "VGG-Face from Keras' HDF5, pixels uniform from seed + 100"))


CASES = {
    "retina-decoding": make_retina_decoding,
    "scrfd": make_scrfd,
    "iresnet": make_iresnet,
    "arcface": make_arcface,
    "vggface": make_vggface,
}
