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
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A network that turns faces into vectors, and how it wants to see them. */
interface Recogniser {
    Network network();

    /** Length of a face's vector. */
    int embedding();

    /** The face as the network takes it. */
    Picture framed(Picture picture, Face face);

    /** Such faces as the network's input, (batch, 3, side, side). */
    Tensor pixels(List<Picture> framed);

    /** {@link #pixels} to (batch, embedding), not normalised. */
    Tensor forward(Tensor pixels);

    /**
     * Writes the network as packs hold it.
     *
     * @param people vectors of faces that it was trained on, for thresholds that a pack brings along
     */
    void save(Path folder, Map<String, String> metadata, Function<FaceEmbedder, Verification> people)
            throws IOException;

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
            public void save(Path folder, Map<String, String> metadata, Function<FaceEmbedder, Verification> people)
                    throws IOException {
                Weights.save(folder, "iresnet", network.config(), network, metadata);
            }
        };
    }

    static Recogniser of(NormalisedVggFace network) {
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

            /** With the cosine distance where as many pairs of both kinds are mistaken, in place of deepface's 0.40. */
            @Override
            public void save(Path folder, Map<String, String> metadata, Function<FaceEmbedder, Verification> people)
                    throws IOException {
                try (VggFaceNetwork folded = network.folded()) {
                    double farthest = 1 - people.apply(new VggFace(folded)).threshold();
                    Weights.save(folder, "vgg-face", folded.config().withFarthest(farthest), folded, metadata);
                }
            }
        };
    }
}
