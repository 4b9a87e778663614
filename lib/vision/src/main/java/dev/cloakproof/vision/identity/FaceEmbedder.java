package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import java.util.List;
import java.util.Optional;

/** Turns faces into vectors whose direction tells who it is. */
public interface FaceEmbedder {
    /** @param face where it is, or empty for the whole picture */
    record Crop(Picture picture, Optional<Face> face) {}

    /**
     * @param crops of pictures of any size
     * @return one a crop, of any length; compare with {@link Embeddings#cosine}
     */
    List<float[]> embed(List<Crop> crops);

    /** @param face where it is, or empty for the whole picture */
    default float[] embed(Picture picture, Optional<Face> face) {
        return embed(List.of(new Crop(picture, face))).getFirst();
    }
}
