package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.tensor.nn.Batches;
import dev.cloakproof.vision.face.Alignment;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.Warp;
import dev.cloakproof.vision.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * ArcFace recognisers: unit vectors of aligned faces (Deng et al. 2019), by the network of InsightFace's packs
 * ({@code glintr100.onnx} of antelopev2) or by an {@link IResNet}.
 */
public final class ArcFace implements FaceEmbedder, AutoCloseable {
    private static final int PUBLISHED_SIDE = 112;
    /** Faces in the network at once: its maps then take about 100 MB. */
    private static final int TOGETHER = 16;

    private static final int[] BLACK = {0, 0, 0};

    private final int side;
    private final Function<List<Picture>, List<float[]>> network;
    private final AutoCloseable owned;

    private ArcFace(int side, Function<List<Picture>, List<float[]>> network, AutoCloseable owned) {
        this.side = side;
        this.network = network;
        this.owned = owned;
    }

    /** @throws dev.cloakproof.vision.onnx.OnnxException if the file is no network with one output */
    public static ArcFace load(Path file) {
        OnnxModel model = OnnxModel.load(file, 1);
        // A file may be made for one face at a time.
        int together = model.inputShape()[0] == 1 ? 1 : TOGETHER;
        return new ArcFace(PUBLISHED_SIDE, aligned -> Batches.of(aligned, together, batch -> run(model, batch)), model);
    }

    /** @param network which this closes */
    public static ArcFace of(IResNet network) {
        return new ArcFace(
                network.config().side(),
                aligned -> Batches.of(aligned, TOGETHER, batch -> run(network, batch)),
                network);
    }

    @Override
    public List<float[]> embed(List<Crop> crops) {
        List<Picture> aligned = crops.stream().map(this::aligned).toList();
        return network.apply(aligned).stream().map(Embeddings::unit).toList();
    }

    private Picture aligned(Crop crop) {
        return crop.face()
                .map(found -> align(crop.picture(), found, side))
                .orElseGet(() -> Resize.to(crop.picture(), side, side, Resampling.BILINEAR));
    }

    /** The face brought to ArcFace's frame, scaled to {@code side} pixels. */
    public static Picture align(Picture picture, Face face, int side) {
        return Warp.picture(
                picture,
                Alignment.leastSquares(face.landmarks(), Alignment.ARCFACE_112).scaled(side / (double) PUBLISHED_SIDE),
                Frame.of(side, side),
                BLACK);
    }

    private static List<float[]> run(OnnxModel model, List<Picture> aligned) {
        Picture first = aligned.getFirst();
        int pixels = first.width() * first.height();
        float[] planes = new float[aligned.size() * 3 * pixels];
        for (int face = 0; face < aligned.size(); face++) {
            byte[] rgb = aligned.get(face).rgb();
            for (int i = 0; i < pixels; i++) {
                for (int channel = 0; channel < 3; channel++) {
                    planes[(face * 3 + channel) * pixels + i] = ((rgb[3 * i + channel] & 0xff) - 127.5f) / 127.5f;
                }
            }
        }
        return Embeddings.rows(
                model.run(planes, aligned.size(), 3, first.height(), first.width())
                        .getFirst()
                        .values(),
                aligned.size());
    }

    private static List<float[]> run(IResNet network, List<Picture> aligned) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor pixels = PictureTensors.signed(aligned);
            return Embeddings.rows(
                    network.forward(pixels.to(network.device()).to(network.dtype()))
                            .toFloats(),
                    aligned.size());
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
