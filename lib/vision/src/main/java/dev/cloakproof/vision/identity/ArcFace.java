package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.vision.face.Alignment;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.Warp;
import dev.cloakproof.vision.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.Optional;

/** The face recogniser of InsightFace's packs ({@code glintr100.onnx} of antelopev2): unit vectors (Deng et al. 2019). */
public final class ArcFace implements FaceEmbedder, AutoCloseable {
    private static final int SIZE = 112;
    private static final int[] BLACK = {0, 0, 0};

    private final OnnxModel model;

    private ArcFace(OnnxModel model) {
        this.model = model;
    }

    /** @throws dev.cloakproof.vision.onnx.OnnxException if the file is no network with one output */
    public static ArcFace load(Path file) {
        return new ArcFace(OnnxModel.load(file, 1));
    }

    @Override
    public float[] embed(Picture picture, Optional<Face> face) {
        return embedAligned(face.map(found -> align(picture, found))
                .orElseGet(() -> Resize.to(picture, SIZE, SIZE, Resampling.BILINEAR)));
    }

    /** The face brought to ArcFace's frame of 112 pixels. */
    public static Picture align(Picture picture, Face face) {
        return Warp.picture(
                picture, Alignment.leastSquares(face.landmarks(), Alignment.ARCFACE_112), Frame.of(SIZE, SIZE), BLACK);
    }

    private float[] embedAligned(Picture aligned) {
        byte[] rgb = aligned.rgb();
        float[] planes = new float[rgb.length];
        for (int i = 0; i < SIZE * SIZE; i++) {
            for (int channel = 0; channel < 3; channel++) {
                planes[channel * SIZE * SIZE + i] = ((rgb[3 * i + channel] & 0xff) - 127.5f) / 127.5f;
            }
        }
        return Embeddings.unit(model.run(planes, 1, 3, SIZE, SIZE).getFirst().values());
    }

    @Override
    public void close() {
        model.close();
    }
}
