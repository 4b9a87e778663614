"""The reference side of `bench purify` and `bench score`: the stages of both on random weights, for one picture and a batch.

    python vision_reference.py purify --model DIR --batch 16 --threads 2 --repeats 3 --json
    python vision_reference.py score  --model DIR ...

DIR is what the Java side wrote. CodeFormer and its face helper come from the package of that name, RetinaFace and ParseNet
from facexlib, the upscaler from diffusers, CLIP from transformers, LPIPS and SSIM from lpips and piq. iresnet and VGG-Face
have no package: theirs are the modules that made the fixtures (lib/vision/src/test/python). Nothing is ever fetched.

Seconds are those a picture. Networks take the same batches as the Java side; what works on one picture goes through a loop.
"""

import os

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

import argparse
import json
import pathlib
import statistics
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "lib" / "vision" / "src" / "test" / "python"
sys.path.insert(0, str(FIXTURES))

from bench_reference import peak_bytes

SIDE = 512
LANDMARKS = np.array([[203.0, 200.8], [316.3, 202.8], [260.0, 266.2], [205.5, 341.3], [313.0, 341.3]])
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


class Stages:
    def __init__(self, arguments):
        self.arguments = arguments
        self.clock = CLOCKS[arguments.clock]
        self.steps = {}

    def measure(self, name, work):
        """`work` does its stage for a number of pictures."""
        for count in sorted({1, self.arguments.batch}):
            seconds = []
            warmup = 1 if count == 1 else 0
            for repeat in range(warmup + self.arguments.repeats):
                begun = self.clock()
                work(count)
                taken = (self.clock() - begun) / count
                if repeat >= warmup:
                    seconds.append(taken)
            self.steps[f"{name}_{count}"] = {"seconds": seconds, "median_seconds": statistics.median(seconds)}


def weights(folder, name):
    return load_file(pathlib.Path(folder) / name / "model.safetensors")


def filled(model, state):
    # Products that are 1x1 convolutions there are plain matrices in files written here.
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    state = {
        name: tensor.reshape(shapes[name]) if name in shapes and tensor.numel() == shapes[name].numel() else tensor
        for name, tensor in state.items()
    }
    missing, unexpected = model.load_state_dict(state, strict=False)
    wrong = [name for name in missing if not name.endswith("num_batches_tracked")] + list(unexpected)
    if wrong:
        raise ValueError(f"not the same network: {wrong[:5]}")
    return model.eval()


def pictures(count):
    generator = np.random.default_rng(0)
    return [generator.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8) for _ in range(count)]


def batches(items, most):
    return [items[i : i + most] for i in range(0, len(items), most)]


def face_tensor(faces):
    """BGR uint8 faces as CodeFormer's script feeds them."""
    stacked = np.stack(faces)[..., ::-1].astype(np.float32) / 255
    return (torch.from_numpy(stacked.copy()).permute(0, 3, 1, 2) - 0.5) / 0.5


def face_pictures(tensor):
    levels = (tensor.clamp(-1, 1) + 1) / 2 * 255
    return [one for one in levels.round().permute(0, 2, 3, 1).numpy()[..., ::-1].astype(np.uint8)]


def helper(detector, parser):
    """The face helper of CodeFormer's script without its downloads: one picture's way from landmarks to the result."""
    from codeformer.facelib.utils.face_restoration_helper import FaceRestoreHelper

    found = FaceRestoreHelper.__new__(FaceRestoreHelper)
    found.upscale_factor, found.face_size, found.det_model = 2, (512, 512), "retinaface_resnet50"
    found.template_3points, found.pad_blur, found.use_parse, found.save_ext = False, False, True, "png"
    found.crop_ratio, found.device = (1, 1), torch.device("cpu")
    found.face_template = np.array(
        [[192.98138, 239.94708], [318.90277, 240.1936], [256.63416, 314.01935], [201.26117, 371.41043], [313.08905, 371.15118]]
    )
    found.face_detector, found.face_parse = detector, parser
    return found


def bench_purify(arguments):
    from networks import codeformer_class

    from facexlib.detection.retinaface import RetinaFace
    from facexlib.parsing.parsenet import ParseNet

    arch = codeformer_class()
    detector = filled(RetinaFace("resnet50", device="cpu"), weights(arguments.model, "detector"))
    restorer = filled(arch.CodeFormer(), weights(arguments.model, "codeformer"))
    parser = filled(ParseNet(in_size=512, out_size=512, parsing_ch=19), weights(arguments.model, "parser"))
    shared = helper(detector, parser)
    some = pictures(arguments.batch)
    stages = Stages(arguments)

    def begin(picture):
        shared.clean_all()
        shared.read_image(picture)

    def detect(count):
        for picture in some[:count]:
            begin(picture)
            shared.get_face_landmarks_5(resize=640, eye_dist_threshold=5)

    def align(count):
        for picture in some[:count]:
            begin(picture)
            shared.all_landmarks_5 = [LANDMARKS]
            shared.align_warp_face()

    begin(some[0])
    shared.all_landmarks_5 = [LANDMARKS]
    shared.align_warp_face()
    face = shared.cropped_faces[0]

    def restore(count):
        for batch in batches([face] * count, 4):
            face_pictures(restorer(face_tensor(batch), w=0.5, adain=True)[0])

    def paste(count):
        for picture in some[:count]:
            begin(picture)
            shared.all_landmarks_5 = [LANDMARKS]
            shared.align_warp_face()
            shared.get_inverse_affine(None)
            shared.add_restored_face(face)
            shared.paste_faces_to_input_image()

    stages.measure("detect", detect)
    stages.measure("align", align)
    stages.measure("restore", restore)
    stages.measure("align_parse_paste", paste)
    measure_upscaler(stages, arguments)
    return stages.steps


def measure_upscaler(stages, arguments):
    from diffusers import AutoencoderKL, UNet2DConditionModel

    folder = pathlib.Path(arguments.model) / "upscaler"
    unet = UNet2DConditionModel.from_pretrained(folder / "unet", local_files_only=True).eval()
    vae = AutoencoderKL.from_pretrained(folder / "vae", local_files_only=True).eval()
    side = arguments.latent_size
    # As many at once as make four pictures of the paper's size.
    together = max(1, 4 * 128 * 128 // (side * side))

    def step(count):
        for batch in batches([0] * count, together):
            n = 2 * len(batch)
            sample = torch.randn(n, unet.config.in_channels, side, side)
            text = torch.randn(n, 77, unet.config.cross_attention_dim)
            unet(sample, torch.tensor(981), encoder_hidden_states=text, class_labels=torch.full((n,), 20)).sample

    def decode(count):
        for _ in range(count):
            vae.decode(torch.randn(1, vae.config.latent_channels, side, side)).sample

    stages.measure("upscale_one_step", step)
    stages.measure("decode", decode)


def bench_score(arguments):
    import lpips
    import piq
    from identity import IResNet
    from networks import lpips_name
    from transformers import CLIPModel

    import cv2
    import torchvision
    from PIL import Image

    from facexlib.detection.retinaface import RetinaFace

    detector = filled(RetinaFace("resnet50", device="cpu"), weights(arguments.model, "detector"))
    arcface = filled(IResNet((3, 13, 30, 3)), weights(arguments.model, "iresnet"))
    vgg = vgg_face(weights(arguments.model, "vggface"))
    clip = CLIPModel.from_pretrained(pathlib.Path(arguments.model) / "clip", local_files_only=True).eval()
    sentences = F.normalize(torch.randn(495, 512), dim=1)
    some = pictures(arguments.batch)
    other = pictures(arguments.batch)
    stages = Stages(arguments)

    def detect(count):
        for picture in some[:count]:
            detector.detect_faces(cv2.resize(picture, (640, 640), interpolation=cv2.INTER_LINEAR))

    template = np.array(
        [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
    )

    def embed_arcface(count):
        for batch in batches(some[:count], 16):
            aligned = []
            for picture in batch:
                matrix = cv2.estimateAffinePartial2D(LANDMARKS, template, method=cv2.LMEDS)[0]
                aligned.append(cv2.warpAffine(picture, matrix, (112, 112)))
            arcface(face_tensor(aligned))

    def embed_vggface(count):
        for batch in batches(some[:count], 8):
            sized = [cv2.resize(picture[160:400, 160:360], (186, 224)) for picture in batch]
            padded = [cv2.copyMakeBorder(face, 0, 0, 19, 19, cv2.BORDER_CONSTANT) for face in sized]
            vgg(torch.from_numpy(np.stack(padded)).permute(0, 3, 1, 2).float() / 255)

    mean = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(3, 1, 1)
    deviation = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(3, 1, 1)

    def embeddings(pixels):
        return F.normalize(clip.visual_projection(clip.vision_model(pixel_values=pixels).pooler_output), dim=1)

    def liqe(count):
        for batch in batches(some[:count], 4):
            patches = []
            for picture in batch:
                pixels = (torch.from_numpy(picture).permute(2, 0, 1).float() / 255 - mean) / deviation
                all_patches = pixels[None].unfold(2, 224, 32).unfold(3, 224, 32)
                all_patches = all_patches.permute(0, 2, 3, 1, 4, 5).reshape(-1, 3, 224, 224)
                step = len(all_patches) // 15
                patches.append(all_patches[[step * i for i in range(15)]])
            logits = 100 * embeddings(torch.cat(patches)) @ sentences.T
            logits.view(len(batch), 15, 495).mean(1).softmax(1)

    framed = torchvision.transforms.Compose(
        [
            torchvision.transforms.Resize(224, interpolation=torchvision.transforms.InterpolationMode.BICUBIC),
            torchvision.transforms.CenterCrop(224),
            torchvision.transforms.ToTensor(),
            torchvision.transforms.Normalize(mean.flatten().tolist(), deviation.flatten().tolist()),
        ]
    )

    def clip_iqac(count):
        for batch in batches(some[:count], 16):
            pixels = torch.stack([framed(Image.fromarray(picture)) for picture in batch])
            (100 * embeddings(pixels) @ sentences[:2].T).softmax(1)

    def tensor(several):
        return torch.from_numpy(np.stack(several)).permute(0, 3, 1, 2).float() / 255

    def distance(net):
        model = lpips.LPIPS(pretrained=False, pnet_rand=True, net=net, use_dropout=True, verbose=False).eval()
        state = {**weights(arguments.model, f"lpips-{net}-trunk"), **weights(arguments.model, f"lpips-{net}")}
        names = [name for name in model.state_dict() if not name.startswith("scaling_layer")]
        model.load_state_dict({name: state[lpips_name(name)] for name in names}, strict=False)

        def work(count):
            for a, b in zip(batches(some[:count], 4), batches(other[:count], 4)):
                model(tensor(a) * 2 - 1, tensor(b) * 2 - 1)

        return work

    def ssim(count):
        for a, b in zip(some[:count], other[:count]):
            piq.ssim(tensor([a]), tensor([b]), data_range=1.0)

    stages.measure("detect", detect)
    stages.measure("embed_arcface", embed_arcface)
    stages.measure("embed_vggface", embed_vggface)
    stages.measure("liqe", liqe)
    stages.measure("clip_iqac", clip_iqac)
    stages.measure("lpips_alex", distance("alex"))
    stages.measure("lpips_vgg", distance("vgg"))
    stages.measure("ssim", ssim)
    return stages.steps


def vgg_face(state):
    """Layers are named by their place, 0 to 15."""
    layers, at = [], 0
    for count in (2, 2, 3, 3, 3):
        for _ in range(count):
            layers += [convolution(state, at, 1), torch.nn.ReLU()]
            at += 1
        layers.append(torch.nn.MaxPool2d(2))
    layers += [convolution(state, at, 0), torch.nn.ReLU(), convolution(state, at + 1, 0), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, convolution(state, at + 2, 0)).eval()


def convolution(state, at, padding):
    weight = state[f"{at}.weight"]
    layer = torch.nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], padding=padding)
    layer.load_state_dict({"weight": weight, "bias": state[f"{at}.bias"]})
    return layer


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=("purify", "score"))
    parser.add_argument("--model", required=True, help="folder of weights")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--latent-size", type=int, default=128, help="side of the small copy")
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with torch.no_grad():
        steps = bench_purify(arguments) if arguments.mode == "purify" else bench_score(arguments)
    found = {"mode": arguments.mode, "steps": steps, "peak_rss_bytes": peak_bytes(), "torch": torch.__version__}
    print(json.dumps(found) if arguments.json else "\n".join(f"{name}: {value}" for name, value in steps.items()))


if __name__ == "__main__":
    main()
