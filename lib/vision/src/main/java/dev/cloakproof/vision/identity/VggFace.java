package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Batches;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.image.OpenCvResize;
import java.util.List;

/**
 * Face embeddings as deepface 0.0.79 makes them: the face's box, turned until the eyes are level, fitted into the network's
 * square (224 pixels) with black around it, in blue, green, red. Later versions take another layer and give other numbers. deepface finds
 * box and eyes with OpenCV's Haar cascades; here they come from whatever detector found the face.
 */
public final class VggFace implements FaceEmbedder {
    /** Faces in the network at once: its maps then take about 200 MB. */
    private static final int TOGETHER = 8;

    private final VggFaceNetwork network;

    /** @param network which stays the caller's to close */
    public VggFace(VggFaceNetwork network) {
        this.network = network;
    }

    /** The cosine distance up to which two faces count as one person's: deepface's 0.40, or the pack's own. */
    public double farthest() {
        return network.config().farthest();
    }

    @Override
    public List<float[]> embed(List<Crop> crops) {
        List<Picture> fitted = crops.stream()
                .map(crop -> crop.face()
                        .map(found -> levelled(crop.picture(), found))
                        .orElse(crop.picture()))
                .map(face -> letterboxed(face, network.config().side()))
                .toList();
        return Batches.of(fitted, TOGETHER, batch -> {
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                Tensor pixels = PictureTensors.unit(batch).flip(1);
                return Embeddings.rows(
                        network.forward(pixels.to(network.device()).to(network.dtype()))
                                .toFloats(),
                        batch.size());
            }
        });
    }

    /** The box, cut at the picture's edges, turned about its middle by the eyes' angle; nearest pixels, black corners. */
    public static Picture levelled(Picture picture, Face face) {
        int left = (int) Math.clamp(face.left(), 0, picture.width() - 1);
        int top = (int) Math.clamp(face.top(), 0, picture.height() - 1);
        int right = (int) Math.clamp(face.right(), left + 1, picture.width());
        int bottom = (int) Math.clamp(face.bottom(), top + 1, picture.height());
        Picture box = picture.crop(left, top, right - left, bottom - top);
        double dx = face.landmarks().get(1).x() - face.landmarks().get(0).x();
        double dy = face.landmarks().get(1).y() - face.landmarks().get(0).y();
        return turned(box, Math.atan2(dy, dx));
    }

    private static Picture turned(Picture picture, double angle) {
        int width = picture.width();
        int height = picture.height();
        byte[] from = picture.rgb();
        byte[] to = new byte[from.length];
        double cosine = Math.cos(angle);
        double sine = Math.sin(angle);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double u = x + 0.5 - width / 2.0;
                double v = y + 0.5 - height / 2.0;
                int sourceX = (int) Math.floor(cosine * u - sine * v + width / 2.0);
                int sourceY = (int) Math.floor(sine * u + cosine * v + height / 2.0);
                if (sourceX >= 0 && sourceY >= 0 && sourceX < width && sourceY < height) {
                    System.arraycopy(from, (sourceY * width + sourceX) * 3, to, (y * width + x) * 3, 3);
                }
            }
        }
        return Picture.of(width, height, to);
    }

    /** The longer side brought to {@code size} pixels, black on both sides of the shorter one. */
    public static Picture letterboxed(Picture picture, int size) {
        double factor = Math.min((double) size / picture.height(), (double) size / picture.width());
        int width = Math.max(1, (int) (picture.width() * factor));
        int height = Math.max(1, (int) (picture.height() * factor));
        byte[] from = OpenCvResize.linear(picture, width, height).rgb();
        byte[] to = new byte[size * size * 3];
        int left = (size - width) / 2;
        int top = (size - height) / 2;
        for (int y = 0; y < height; y++) {
            System.arraycopy(from, y * width * 3, to, ((top + y) * size + left) * 3, width * 3);
        }
        return Picture.of(size, size, to);
    }
}
