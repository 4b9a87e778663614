package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.vision.face.Alignment;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.Warp;
import dev.cloakproof.vision.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * ArcFace recognisers: unit vectors of aligned faces (Deng et al. 2019), by the network of InsightFace's packs
 * ({@code glintr100.onnx} of antelopev2) or by an {@link IResNet}.
 */
public final class ArcFace implements FaceEmbedder, AutoCloseable {
    private static final int PUBLISHED_SIDE = 112;
    private static final int[] BLACK = {0, 0, 0};

    private final int side;
    private final Function<Picture, float[]> network;
    private final AutoCloseable owned;

    private ArcFace(int side, Function<Picture, float[]> network, AutoCloseable owned) {
        this.side = side;
        this.network = network;
        this.owned = owned;
    }

    /** @throws dev.cloakproof.vision.onnx.OnnxException if the file is no network with one output */
    public static ArcFace load(Path file) {
        OnnxModel model = OnnxModel.load(file, 1);
        return new ArcFace(PUBLISHED_SIDE, aligned -> run(model, aligned), model);
    }

    /** @param network which this closes */
    public static ArcFace of(IResNet network) {
        return new ArcFace(network.config().side(), aligned -> run(network, aligned), network);
    }

    @Override
    public float[] embed(Picture picture, Optional<Face> face) {
        Picture aligned = face.map(found -> align(picture, found, side))
                .orElseGet(() -> Resize.to(picture, side, side, Resampling.BILINEAR));
        return Embeddings.unit(network.apply(aligned));
    }

    /** The face brought to ArcFace's frame, scaled to {@code side} pixels. */
    public static Picture align(Picture picture, Face face, int side) {
        return Warp.picture(
                picture,
                Alignment.leastSquares(face.landmarks(), Alignment.ARCFACE_112).scaled(side / (double) PUBLISHED_SIDE),
                Frame.of(side, side),
                BLACK);
    }

    private static float[] run(OnnxModel model, Picture aligned) {
        int pixels = aligned.width() * aligned.height();
        byte[] rgb = aligned.rgb();
        float[] planes = new float[rgb.length];
        for (int i = 0; i < pixels; i++) {
            for (int channel = 0; channel < 3; channel++) {
                planes[channel * pixels + i] = ((rgb[3 * i + channel] & 0xff) - 127.5f) / 127.5f;
            }
        }
        return model.run(planes, 1, 3, aligned.height(), aligned.width())
                .getFirst()
                .values();
    }

    private static float[] run(IResNet network, Picture aligned) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor pixels = PictureTensors.signed(List.of(aligned));
            return network.forward(pixels.to(network.device()).to(network.dtype()))
                    .toFloats();
        }
    }

    @Override
    public void close() {
        try {
            owned.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
