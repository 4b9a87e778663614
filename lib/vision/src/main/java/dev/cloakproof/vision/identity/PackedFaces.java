package dev.cloakproof.vision.identity;

import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.Owned;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.Scrfd;
import java.nio.file.Path;

/** The networks with which a pack finds faces and tells them apart, by the families that each component may have. */
public final class PackedFaces {
    private static final String RETINAFACE = "retinaface";
    private static final String IRESNET = "iresnet";

    private PackedFaces() {}

    /**
     * The component {@code face-detector}: {@code scrfd}, or {@code retinaface}.
     *
     * @param owned gets what has to be closed
     */
    public static FaceDetector detector(ModelPack pack, Placement placement, Owned owned) {
        String component = "face-detector";
        if (pack.is(component, RETINAFACE)) {
            Path path = pack.path(component, RETINAFACE);
            return new RetinaDetector(owned.add(RetinaFace.load(path, placement)));
        }
        return owned.add(Scrfd.load(pack.path(component, "scrfd")));
    }

    /** The component {@code arcface}: {@code arcface}, in ONNX, or {@code iresnet}, a folder. */
    public static FaceEmbedder arcFace(ModelPack pack, Placement placement, Owned owned) {
        String component = "arcface";
        if (pack.is(component, IRESNET)) {
            return owned.add(ArcFace.of(IResNet.load(pack.path(component, IRESNET), placement)));
        }
        return owned.add(ArcFace.load(pack.path(component, "arcface")));
    }

    /** The component {@code vggface}: {@code vgg-face}, the Keras file or a folder. */
    public static VggFace vggFace(ModelPack pack, Placement placement, Owned owned) {
        return new VggFace(owned.add(VggFaceNetwork.load(pack.path("vggface", "vgg-face"), placement)));
    }
}
