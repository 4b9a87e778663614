"""Makes src/test/resources/image/resize.{json,bin}: what Pillow answers, byte for byte.

Run with numpy and a Pillow before 13, which began to resize columns first where height shrinks far more than width
(python-pillow/Pillow#9549); the published experiments are older: python make_resize_fixtures.py
The .bin holds raw interleaved RGB; the .json says which slice of it is which picture.
"""

import json
import pathlib

import numpy as np
import PIL
from PIL import Image, ImageFilter

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "image"
FILTERS = {
    "NEAREST": Image.Resampling.NEAREST,
    "BOX": Image.Resampling.BOX,
    "BILINEAR": Image.Resampling.BILINEAR,
    "HAMMING": Image.Resampling.HAMMING,
    "BICUBIC": Image.Resampling.BICUBIC,
    "LANCZOS": Image.Resampling.LANCZOS,
}
# source, target width, target height, source box or None
RESIZES = [
    ("noise", 23, 17, None),
    ("noise", 47, 35, None),
    ("noise", 11, 8, None),
    ("noise", 23, 40, None),
    ("noise", 9, 17, None),
    ("noise", 1, 1, None),
    ("noise", 1, 60, None),
    ("noise", 90, 1, None),
    ("noise", 16, 16, (2.25, 1.5, 20.75, 16.0)),
    ("noise", 5, 7, (0.0, 3.3, 23.0, 9.1)),
    ("noise", 30, 30, (10.0, 10.0, 11.0, 11.0)),
    ("smooth", 16, 16, None),
    ("smooth", 100, 37, None),
    ("smooth", 21, 13, None),
    ("checks", 32, 32, None),
    ("checks", 31, 33, None),
    ("dot", 5, 3, None),
    ("row", 3, 4, None),
    ("column", 4, 3, None),
    ("long", 2, 2, None),
]
# source, radius (one per axis)
BLURS = [
    ("noise", (0.1, 0.1)),
    ("noise", (0.5, 0.5)),
    ("noise", (1.0, 1.0)),
    ("noise", (2.0, 2.0)),
    ("noise", (5.0, 5.0)),
    ("noise", (40.0, 40.0)),
    ("noise", (0.0, 3.0)),
    ("noise", (3.0, 0.0)),
    ("noise", (0.0, 0.0)),
    ("smooth", (5.0, 5.0)),
    ("checks", (1.7, 4.2)),
    ("dot", (5.0, 5.0)),
    ("row", (2.0, 2.0)),
    ("column", (2.0, 2.0)),
]


def sources():
    random = np.random.default_rng(20240607)
    yy, xx = np.mgrid[0:48, 0:64]
    smooth = np.stack([xx * 4, yy * 5, 127 + 120 * np.sin(xx / 9.0) * np.cos(yy / 7.0)], axis=-1)
    checks = ((np.indices((65, 63)).sum(axis=0) % 2) * 255)[..., None].repeat(3, axis=-1)
    return {
        "noise": random.integers(0, 256, (17, 23, 3)),
        "smooth": smooth.clip(0, 255),
        "checks": checks,
        "dot": random.integers(0, 256, (1, 1, 3)),
        "row": random.integers(0, 256, (1, 19, 3)),
        "column": random.integers(0, 256, (19, 1, 3)),
        "long": random.integers(0, 256, (3, 3000, 3)),
    }


def main():
    blob = bytearray()

    def put(image):
        data = image.tobytes()
        at = len(blob)
        blob.extend(data)
        return {"width": image.width, "height": image.height, "offset": at}

    images = {name: Image.fromarray(a.astype(np.uint8), "RGB") for name, a in sources().items()}
    report = {"pillow": PIL.__version__, "sources": {n: put(i) for n, i in images.items()}, "resizes": [], "blurs": []}
    for source, width, height, box in RESIZES:
        for name, resampling in FILTERS.items():
            result = images[source].resize((width, height), resampling, box=box)
            report["resizes"].append({"source": source, "filter": name, "box": box, "expected": put(result)})
    for source, radius in BLURS:
        result = images[source].filter(ImageFilter.GaussianBlur(radius))
        report["blurs"].append({"source": source, "radius": radius, "expected": put(result)})
    (OUT / "resize.bin").write_bytes(bytes(blob))
    (OUT / "resize.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
