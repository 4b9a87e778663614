package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Pictures as tensors (batch, 3, height, width) and back. */
public final class PictureTensors {
    private PictureTensors() {}

    /**
     * Pictures of one size, float32 in [0, 1].
     *
     * @throws IllegalArgumentException if there is none, or sizes differ
     */
    public static Tensor unit(List<Picture> pictures) {
        if (pictures.isEmpty()) {
            throw new IllegalArgumentException("no pictures");
        }
        Picture first = pictures.getFirst();
        try (var scope = Scope.open()) {
            List<Tensor> parts = new ArrayList<>();
            for (Picture picture : pictures) {
                if (picture.width() != first.width() || picture.height() != first.height()) {
                    throw new IllegalArgumentException("pictures of one size: expected %d x %d, found %d x %d"
                            .formatted(first.width(), first.height(), picture.width(), picture.height()));
                }
                byte[] rgb = picture.rgb();
                ByteBuffer direct =
                        ByteBuffer.allocateDirect(rgb.length).put(rgb).flip();
                Tensor bytes = Tensor.copy(direct, DType.U8, picture.height(), picture.width(), Picture.CHANNELS);
                parts.add(bytes.permute(2, 0, 1).to(DType.F32).div(255.0));
            }
            return scope.keep(Tensor.stack(parts, 0));
        }
    }

    /** Pictures of one size, float32 in [-1, 1], as networks take them. */
    public static Tensor signed(List<Picture> pictures) {
        return Scope.result(() -> unit(pictures).mul(2.0).add(-1.0));
    }

    /** Rounds to the nearest of 256 levels; values outside of [0, 1] are clamped. */
    public static List<Picture> ofUnit(Tensor batch) {
        int height = Math.toIntExact(batch.size(2));
        int width = Math.toIntExact(batch.size(3));
        List<Picture> pictures = new ArrayList<>();
        try (var _ = Scope.open()) {
            Tensor levels = batch.to(Device.CPU)
                    .to(DType.F32)
                    .clamp(0, 1)
                    .mul(255.0)
                    .round()
                    .to(DType.U8)
                    .permute(0, 2, 3, 1)
                    .contiguous();
            ByteBuffer bytes = levels.buffer();
            for (int i = 0; i < batch.size(0); i++) {
                byte[] rgb = new byte[height * width * Picture.CHANNELS];
                bytes.get(rgb);
                pictures.add(Picture.of(width, height, rgb));
            }
        }
        return pictures;
    }

    /** As {@link #ofUnit} for values in [-1, 1]. */
    public static List<Picture> ofSigned(Tensor batch) {
        try (var _ = Scope.open()) {
            return ofUnit(batch.to(DType.F32).div(2.0).add(0.5));
        }
    }
}
