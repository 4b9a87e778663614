package dev.cloakproof.evaluator.page;

import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import java.util.Base64;

/** Pictures inside an HTML file: small ones as they are, large ones as smaller JPEG. */
final class EmbeddedPictures {
    /** A 128 x 128 PNG fits as it is. */
    static final int AS_IT_IS = 64 * 1024;

    private static final int SIDE = 384;
    private static final int QUALITY = 88;

    private EmbeddedPictures() {}

    /** @return a data URI; empty if it is no picture */
    static String uri(byte[] encoded) {
        boolean png = encoded.length > 8 && encoded[1] == 'P' && encoded[2] == 'N' && encoded[3] == 'G';
        if (png && encoded.length <= AS_IT_IS) {
            return "data:image/png;base64," + Base64.getEncoder().encodeToString(encoded);
        }
        try {
            byte[] jpeg = PictureWriter.jpeg(fitted(StoredPictures.READER.read(encoded)), QUALITY);
            return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
        } catch (PictureException none) {
            return "";
        }
    }

    private static Picture fitted(Picture picture) {
        double scale = (double) SIDE / Math.max(picture.width(), picture.height());
        return scale >= 1
                ? picture
                : Resize.to(
                        picture,
                        Math.max(1, (int) Math.round(picture.width() * scale)),
                        Math.max(1, (int) Math.round(picture.height() * scale)),
                        Resampling.BICUBIC);
    }
}
