package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.FaceDetector;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Looks for faces once, though several scorers ask for those of the same pictures in turn. For one thread. */
final class FacesOnce implements FaceDetector {
    private final FaceDetector detector;
    private Map<Picture, List<Face>> last = Map.of();

    FacesOnce(FaceDetector detector) {
        this.detector = detector;
    }

    @Override
    public List<Face> detect(Picture picture) {
        return detect(List.of(picture)).getFirst();
    }

    @Override
    public List<List<Face>> detect(List<Picture> pictures) {
        if (!last.keySet().containsAll(pictures)) {
            List<List<Face>> found = detector.detect(pictures);
            Map<Picture, List<Face>> faces = new IdentityHashMap<>();
            for (int i = 0; i < pictures.size(); i++) {
                faces.put(pictures.get(i), found.get(i));
            }
            last = faces;
        }
        return pictures.stream().map(last::get).toList();
    }
}
