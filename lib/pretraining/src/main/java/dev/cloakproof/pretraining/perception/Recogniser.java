package dev.cloakproof.pretraining.perception;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.identity.ArcFace;
import dev.cloakproof.vision.identity.FaceEmbedder;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.VggFace;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import java.util.List;
import java.util.Optional;

/** A network that turns faces into vectors, and how it wants to see them. */
interface Recogniser {
    Network network();

    /** Length of a face's vector. */
    int embedding();

    /** As packs name it. */
    String type();

    Object config();

    /** The face as the network takes it. */
    Picture framed(Picture picture, Face face);

    /** Such faces as the network's input, (batch, 3, side, side). */
    Tensor pixels(List<Picture> framed);

    /** {@link #pixels} to (batch, embedding), not normalised. */
    Tensor forward(Tensor pixels);

    /**
     * The last layer's bias (embedding), where nothing before it keeps vectors apart: then they are trained less their
     * mean, which the bias takes up in the end. Otherwise all would soon point the same way.
     */
    default Optional<Tensor> centre() {
        return Optional.empty();
    }

    /** The whole of it, as scores use it. */
    FaceEmbedder embedder();

    static Recogniser of(IResNet network) {
        return new Recogniser() {
            @Override
            public Network network() {
                return network;
            }

            @Override
            public int embedding() {
                return network.config().embedding();
            }

            @Override
            public String type() {
                return "iresnet";
            }

            @Override
            public Object config() {
                return network.config();
            }

            @Override
            public Picture framed(Picture picture, Face face) {
                return ArcFace.align(picture, face, network.config().side());
            }

            @Override
            public Tensor pixels(List<Picture> framed) {
                return PictureTensors.signed(framed);
            }

            @Override
            public Tensor forward(Tensor pixels) {
                return network.forward(pixels);
            }

            @Override
            public FaceEmbedder embedder() {
                return ArcFace.of(network);
            }
        };
    }

    static Recogniser of(VggFaceNetwork network) {
        return new Recogniser() {
            @Override
            public Network network() {
                return network;
            }

            @Override
            public int embedding() {
                return network.config().outputs();
            }

            @Override
            public String type() {
                return "vgg-face";
            }

            @Override
            public Object config() {
                return network.config();
            }

            @Override
            public Picture framed(Picture picture, Face face) {
                return VggFace.letterboxed(
                        VggFace.levelled(picture, face), network.config().side());
            }

            @Override
            public Tensor pixels(List<Picture> framed) {
                return PictureTensors.unit(framed).flip(1);
            }

            @Override
            public Tensor forward(Tensor pixels) {
                return network.forward(pixels);
            }

            @Override
            public Optional<Tensor> centre() {
                return Optional.of(network.parameters().all().get("15.bias"));
            }

            @Override
            public FaceEmbedder embedder() {
                return new VggFace(network);
            }
        };
    }
}
