package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.image.OpenCvResize;
import dev.cloakproof.vision.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The face detector of InsightFace's packs ({@code scrfd_10g_bnkps.onnx}), with a picture fitted into 640 x 640 pixels,
 * confidence 0.5, overlap 0.4 (deepinsight/insightface, {@code model_zoo/scrfd.py}; Guo et al. 2022).
 */
public final class Scrfd implements FaceDetector, AutoCloseable {
    private static final int SIZE = 640;
    private static final int[] STRIDES = {8, 16, 32};
    private static final int ANCHORS = 2;
    private static final double CONFIDENCE = 0.5;
    private static final double OVERLAP = 0.4;

    private final OnnxModel model;

    private Scrfd(OnnxModel model) {
        this.model = model;
    }

    /** @throws dev.cloakproof.vision.onnx.OnnxException if the file is no network with SCRFD's nine outputs */
    public static Scrfd load(Path file) {
        return new Scrfd(OnnxModel.load(file, 3 * STRIDES.length));
    }

    @Override
    public List<Face> detect(Picture picture) {
        double ratio = (double) picture.height() / picture.width();
        int height = ratio > 1 ? SIZE : Math.max(1, (int) (SIZE * ratio));
        int width = ratio > 1 ? Math.max(1, (int) (SIZE / ratio)) : SIZE;
        double scale = (double) height / picture.height();
        Picture sized = OpenCvResize.linear(picture, width, height);
        List<OnnxModel.Output> outputs = model.run(blob(sized), 1, 3, SIZE, SIZE);
        List<Face> faces = new ArrayList<>();
        for (int level = 0; level < STRIDES.length; level++) {
            decode(
                    outputs.get(level).values(),
                    outputs.get(level + STRIDES.length).values(),
                    outputs.get(level + 2 * STRIDES.length).values(),
                    STRIDES[level],
                    faces);
        }
        return Suppression.keepBest(
                faces.stream().map(face -> face.scaled(1 / scale)).toList(), OVERLAP, 1);
    }

    /** (level - 127.5) / 128 in red, green, blue; the picture lies in the upper left of a canvas of zero levels. */
    private static float[] blob(Picture picture) {
        float[] planes = new float[3 * SIZE * SIZE];
        java.util.Arrays.fill(planes, -127.5f / 128);
        byte[] rgb = picture.rgb();
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                for (int channel = 0; channel < 3; channel++) {
                    int level = rgb[(y * picture.width() + x) * 3 + channel] & 0xff;
                    planes[(channel * SIZE + y) * SIZE + x] = (level - 127.5f) / 128;
                }
            }
        }
        return planes;
    }

    /** Boxes are distances from a cell's corner, landmarks offsets from it, both in strides. */
    private static void decode(float[] scores, float[] boxes, float[] marks, int stride, List<Face> faces) {
        int cells = SIZE / stride;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < CONFIDENCE) {
                continue;
            }
            double x = (double) (i / ANCHORS % cells) * stride;
            double y = (double) (i / ANCHORS / cells) * stride;
            List<Point> landmarks = new ArrayList<>();
            for (int k = 0; k < 5; k++) {
                landmarks.add(new Point(
                        x + (double) marks[10 * i + 2 * k] * stride, y + (double) marks[10 * i + 2 * k + 1] * stride));
            }
            faces.add(new Face(
                    x - (double) boxes[4 * i] * stride,
                    y - (double) boxes[4 * i + 1] * stride,
                    x + (double) boxes[4 * i + 2] * stride,
                    y + (double) boxes[4 * i + 3] * stride,
                    scores[i],
                    landmarks));
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
