"""Makes src/test/resources/image/pictures/ and pictures.json: files, and the RGB Pillow reads from them.

Run with Pillow and numpy: python make_picture_fixtures.py
PNG kinds that Pillow does not write (interlaced, 16-bit colour, ...) are written here. pictures.json maps
file -> {width, height, rgb}, rgb being base64 of the zlib-compressed interleaved samples; null where Pillow's answer
is no model for ours.
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

IMAGE = pathlib.Path(__file__).resolve().parent.parent / "resources" / "image"
OUT = IMAGE / "pictures"
RANDOM = np.random.default_rng(7)
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(samples, depth):
    """(rows, columns, channels) to bytes per row, most significant bits first."""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            yield row.astype(">u2").tobytes()
        else:
            bits = np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - depth :]
            yield np.packbits(bits.reshape(-1)).tobytes()


def filtered(rows, step):
    """Each row by a filter in turn, so that every filter meets every neighbour."""
    before = None
    for index, row in enumerate(rows):
        kind = index % 5
        above = before or bytes(len(row))
        out = bytearray([kind])
        for i, value in enumerate(row):
            left = row[i - step] if i >= step else 0
            corner = above[i - step] if i >= step else 0
            up = above[i]
            distance = [abs(left + up - corner - x) for x in (left, up, corner)]
            paeth = (left, up, corner)[distance.index(min(distance))]
            out.append((value - (0, left, up, (left + up) // 2, paeth)[kind]) & 255)
        before = row
        yield bytes(out)


def png(samples, colour, depth, interlaced=False, before=(), after=()):
    step = max(1, CHANNELS[colour] * depth // 8)
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = b"".join(b"".join(filtered(packed_rows(p, depth), step)) for p in passes if p.size)
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, colour, 0, 0, int(interlaced))
    chunks = [chunk(b"IHDR", header), *(chunk(*c) for c in before)]
    compressed = zlib.compress(data, 9)
    # In two pieces, as the data may be cut anywhere.
    chunks += [chunk(b"IDAT", compressed[:7]), chunk(b"IDAT", compressed[7:])]
    return b"\x89PNG\r\n\x1a\n" + b"".join([*chunks, *(chunk(*c) for c in after), chunk(b"IEND", b"")])


def noise(width, height, channels, depth):
    return RANDOM.integers(0, 2**depth, (height, width, channels))


def smooth(width, height):
    yy, xx = np.mgrid[0:height, 0:width]
    wave = 127 + 100 * np.sin(xx / 6.0) * np.cos(yy / 5.0)
    picture = np.stack([xx * 255 / width, wave, yy * 255 / height], axis=-1)
    picture[height // 3 : height // 2, width // 4 : width // 2] = (250, 10, 30)
    return Image.fromarray((picture + RANDOM.normal(0, 6, picture.shape)).clip(0, 255).astype(np.uint8), "RGB")


def pngs():
    for colour, name, depths in [
        (GREY, "grey", (1, 2, 4, 8, 16)),
        (RGB, "rgb", (8, 16)),
        (GREY_ALPHA, "grey-alpha", (8, 16)),
        (RGBA, "rgba", (8, 16)),
    ]:
        for depth in depths:
            for interlaced in (False, True):
                suffix = "-interlaced" if interlaced else ""
                yield f"{name}-{depth}{suffix}.png", png(noise(13, 11, CHANNELS[colour], depth), colour, depth, interlaced)
    for depth in (1, 2, 4, 8):
        colours = RANDOM.integers(0, 256, (2**depth, 3)).astype(np.uint8).tobytes()
        palette = (b"PLTE", colours)
        alpha = (b"tRNS", bytes(range(2**depth)))
        yield f"palette-{depth}.png", png(noise(13, 11, 1, depth), PALETTE, depth, before=[palette])
        yield f"palette-{depth}-transparent.png", png(noise(13, 11, 1, depth), PALETTE, depth, before=[palette, alpha])
    yield "palette-8-interlaced.png", png(noise(13, 11, 1, 8), PALETTE, 8, True, before=[palette])
    yield "palette-short.png", png(noise(13, 11, 1, 1) + 1, PALETTE, 8, before=[(b"PLTE", bytes(range(9)))])
    yield "rgb-8-transparent.png", png(noise(3, 2, 3, 8), RGB, 8, before=[(b"tRNS", bytes(6))])
    yield "one-pixel.png", png(noise(1, 1, 3, 8), RGB, 8, True)
    yield "gamma.png", png(noise(3, 2, 3, 8), RGB, 8, before=[(b"gAMA", struct.pack(">I", 100000))])
    info = PngInfo()
    info.add_text("Software", "Cloakproof")
    info.add_itxt("prompt", "a photo of sks caf\u00e9 \u4eba", zip=True)
    info.add_itxt("plain", "na\u00efve \u2713")
    info.add_text("long", "x" * 2000, zip=True)
    stream = io.BytesIO()
    smooth(9, 7).save(stream, "PNG", pnginfo=info)
    yield "text.png", stream.getvalue()
    frames = [smooth(9, 7) for _ in range(2)]
    stream = io.BytesIO()
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    yield "animated.png", stream.getvalue()


def exif(orientation):
    return b"MM\x00\x2a\x00\x00\x00\x08\x00\x01" + struct.pack(">HHIHH", 0x112, 3, 1, orientation, 0) + bytes(4)


def jpegs():
    picture = smooth(61, 43)

    def saved(image, **options):
        stream = io.BytesIO()
        image.save(stream, "JPEG", **options)
        return stream.getvalue()

    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        short = subsampling.replace(":", "")
        for quality in (40, 90):
            yield f"baseline-{short}-q{quality}.jpg", saved(picture, quality=quality, subsampling=subsampling)
            yield (
                f"progressive-{short}-q{quality}.jpg",
                saved(picture, quality=quality, subsampling=subsampling, progressive=True),
            )
    yield "grey.jpg", saved(picture.convert("L"), quality=90)
    yield "cmyk.jpg", saved(picture.convert("CMYK"), quality=90)
    yield "restarts.jpg", saved(picture, quality=75, restart_marker_blocks=2)
    yield "keep-rgb.jpg", saved(picture, quality=90, keep_rgb=True)
    yield "one-pixel.jpg", saved(smooth(1, 1))
    yield "exif-6.jpg", saved(picture, exif=b"Exif\x00\x00" + exif(6))
    plain = saved(picture, quality=75, subsampling="4:4:4")
    yield "no-jfif-444.jpg", plain[:2] + plain[20:]
    plain = saved(picture, quality=75)
    yield "no-jfif-420.jpg", plain[:2] + plain[20:]


def oriented():
    picture = noise(5, 3, 3, 8)
    for orientation in range(1, 9):
        yield f"orientation-{orientation}.png", png(picture, RGB, 8, before=[(b"eXIf", exif(orientation))])


def encoded():
    """What Pillow writes; ours is compared."""
    picture = smooth(61, 43)
    (OUT / "source.png").write_bytes(png(np.asarray(picture), RGB, 8))
    for quality in (1, 10, 25, 50, 75, 90, 95, 100):
        picture.save(OUT / f"pillow-q{quality}.jpg", quality=quality)
    picture.save(OUT / "pillow-q90-444.jpg", quality=90, subsampling="4:4:4")


def main():
    OUT.mkdir(exist_ok=True)
    report = {"pillow": PIL.__version__, "files": {}}
    for name, data in [*pngs(), *oriented(), *jpegs()]:
        (OUT / name).write_bytes(data)
        image = Image.open(io.BytesIO(data))
        expected = None
        if not (name.startswith("grey-16") or name.startswith("animated")):
            image = ImageOps.exif_transpose(image).convert("RGB")
            packed = base64.b64encode(zlib.compress(image.tobytes(), 9)).decode()
            expected = {"width": image.width, "height": image.height, "rgb": packed}
        report["files"][name] = expected
    encoded()
    (IMAGE / "pictures.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
