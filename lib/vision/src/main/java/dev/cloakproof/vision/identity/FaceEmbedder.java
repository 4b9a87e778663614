package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import java.util.Optional;

/** Turns a face into a vector whose direction tells who it is. */
public interface FaceEmbedder {
    /**
     * @param face where it is, or empty for the whole picture
     * @return of any length; compare with {@link Embeddings#cosine}
     */
    float[] embed(Picture picture, Optional<Face> face);
}
