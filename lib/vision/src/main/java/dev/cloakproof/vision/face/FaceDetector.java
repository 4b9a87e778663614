package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.image.Picture;
import java.util.List;

/** Finds faces. */
public interface FaceDetector {
    /** The faces of a picture, the most certain first; empty where there is none. */
    List<Face> detect(Picture picture);

    /** The faces of each of several pictures, which need not be of one size. */
    default List<List<Face>> detect(List<Picture> pictures) {
        return pictures.stream().map(this::detect).toList();
    }
}
