"""Alignment, masks and paste-back on a real portrait, by the code that the published pipeline runs.

    .venv-geometry/bin/python geometry.py     # an environment of its own: requirements-geometry.txt

The published experiments ran on OpenCV 4, whose warps round places to 1/32 pixel; OpenCV 5 does not. The
portrait is NASA's of the astronaut Eileen Collins, public domain, as scikit-image ships it. The "restored"
face is the aligned one with its colours swapped, so that the paste can be seen.
"""

import pathlib

import cv2
import numpy as np
from PIL import Image
from skimage import data

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "fixtures"
FFHQ = [[192.98138, 239.94708], [318.90277, 240.1936], [256.63416, 314.01935], [201.26117, 371.41043], [313.08905, 371.15118]]
ARCFACE = [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
PORTRAIT = [[203.0, 100.8], [246.3, 102.8], [225.0, 126.2], [205.5, 141.3], [243.0, 141.3]]
LEFT_ALONE = (0, 14, 16, 17, 18)


def landmark_cases():
    """The portrait's landmarks, turned and scaled ones with noise, and ones with a landmark far off."""
    generator = np.random.default_rng(7)
    yield PORTRAIT
    for case in range(24):
        angle, scale = generator.uniform(-1.2, 1.2), generator.uniform(0.05, 3)
        turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        points = np.array(FFHQ) @ turn.T + generator.uniform(-50, 400, 2)
        points += generator.normal(0, 6 * scale, points.shape)
        if case % 3 == 0:
            points[case % 5] += 90 * scale
        yield points.tolist()


def alignments():
    from skimage.transform import SimilarityTransform

    lines = ["# ten coordinates of landmarks, then the two rows of the least-median and of the least-squares map"]
    for points in landmark_cases():
        source = np.array(points)
        median = cv2.estimateAffinePartial2D(source, np.array(FFHQ), method=cv2.LMEDS)[0]
        umeyama = SimilarityTransform()
        umeyama.estimate(source, np.array(ARCFACE))
        numbers = np.concatenate([source.ravel(), median.ravel(), umeyama.params[:2].ravel()])
        lines.append("\t".join(repr(float(n)) for n in numbers))
    return "\n".join(lines) + "\n"


def labels(size=512):
    """Skin in an ellipse, hair above it, cloth below, background around."""
    y, x = np.mgrid[0:size, 0:size]
    result = np.zeros((size, size), dtype=np.int64)
    result[y < 180] = 17
    result[y > 440] = 16
    result[((x - 256) / 150.0) ** 2 + ((y - 290) / 190.0) ** 2 < 1] = 1
    return result


def parse_mask():
    out = labels()
    mask = np.where(np.isin(out, LEFT_ALONE), 0.0, 255.0)
    mask = cv2.GaussianBlur(cv2.GaussianBlur(mask, (101, 101), 11), (101, 101), 11)
    mask[:10], mask[-10:], mask[:, :10], mask[:, -10:] = 0, 0, 0, 0
    return mask / 255.0


def paste(background, face, inverse, scale, parts):
    """One face in the order of facelib's paste_faces_to_input_image, from the notes on it."""
    height, width = background.shape[:2]
    inverse = inverse * scale
    if scale > 1:
        inverse[:, 2] += 0.5 * scale
    restored = cv2.warpAffine(face, inverse, (width, height))
    square = cv2.warpAffine(np.ones(face.shape[:2], np.float32), inverse, (width, height))
    square = cv2.erode(square, np.ones((2 * scale, 2 * scale), np.uint8))
    edge = int(np.sum(square) ** 0.5) // 20
    soft = cv2.erode(square, np.ones((2 * edge, 2 * edge), np.uint8))
    soft = cv2.GaussianBlur(soft, (2 * edge + 1, 2 * edge + 1), 0)
    if parts is not None:
        soft = np.minimum(soft, cv2.warpAffine(parts, inverse, (width, height), flags=3))
    soft = soft[:, :, None]
    return (soft * square[:, :, None] * restored + (1 - soft) * background).astype(np.uint8)


def main():
    folder = FIXTURES / "geometry"
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(data.astronaut()).save(folder / "portrait.jpg", quality=92)
    (folder / "alignments.tsv").write_text(alignments())

    picture = np.asarray(Image.open(folder / "portrait.jpg"))[:, :, ::-1].copy()  # BGR, as OpenCV's users have it
    matrix = cv2.estimateAffinePartial2D(np.array(PORTRAIT), np.array(FFHQ), method=cv2.LMEDS)[0]
    aligned = cv2.warpAffine(picture, matrix, (512, 512), borderValue=(135, 133, 132))
    edge = cv2.warpAffine(picture, matrix + [[0, 0, -250], [0, 0, 180]], (512, 512), borderValue=(135, 133, 132))
    restored = np.ascontiguousarray(aligned[:, :, [1, 2, 0]])
    inverse = cv2.invertAffineTransform(matrix)
    large = cv2.resize(picture, (1024, 1024), interpolation=cv2.INTER_LINEAR)
    pictures = {
        "aligned": aligned[::2, ::2],
        "aligned-edge": edge[::4, ::4],
        "pasted": paste(large, restored, inverse, 2, parse_mask())[60:440, 240:660][::2, ::2],
        "pasted-square": paste(picture, restored, inverse, 1, None)[20:230, 110:340],
        "linear-up": cv2.resize(picture[64:128, 192:256], (150, 91), interpolation=cv2.INTER_LINEAR),
        "linear-down": cv2.resize(picture, (100, 71), interpolation=cv2.INTER_LINEAR),
        "area": cv2.resize(picture, (150, 91), interpolation=cv2.INTER_AREA),
    }
    for name, pixels in pictures.items():
        Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1])).save(folder / f"{name}.png", optimize=True)
    print("made geometry with OpenCV", cv2.__version__)


if __name__ == "__main__":
    main()
