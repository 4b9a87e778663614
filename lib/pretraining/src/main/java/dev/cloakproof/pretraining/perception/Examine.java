package dev.cloakproof.pretraining.perception;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.identity.ArcFace;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.VggFace;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.quality.ClipIqac;
import dev.cloakproof.vision.quality.Liqe;
import dev.cloakproof.vision.quality.PromptEncoder;
import dev.cloakproof.vision.restore.ParseNet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Measures the finished networks of a pack on people whom nothing trained on. */
public final class Examine {
    private static final int SIDE = 96;
    private static final int PEOPLE = 100;
    private static final int FEW = 16;

    private final Consumer<String> out;

    private Examine(Consumer<String> out) {
        this.out = out;
    }

    /**
     * @param pack the folder of finished parts
     * @param say is told each measure, a line a time
     */
    public static void examine(String component, Path pack, Consumer<String> say) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            new Examine(say).examine(component, pack, pack.resolve(component));
        }
    }

    private void examine(String component, Path pack, Path folder) {
        Placement placement = Placement.REFERENCE;
        switch (component) {
            case "arcface" -> {
                try (var arcFace = ArcFace.of(IResNet.load(folder, placement))) {
                    RecognitionEvidence.of(arcFace, PEOPLE, SIDE).forEach(this::say);
                }
            }
            case "vggface" -> {
                try (var network = VggFaceNetwork.load(folder, placement)) {
                    RecognitionEvidence.of(new VggFace(network), PEOPLE, SIDE).forEach(this::say);
                }
            }
            case "detector" -> {
                try (var network = RetinaFace.load(folder, placement)) {
                    say(component, DetectionEvidence.of(new RetinaDetector(network), 2 * PEOPLE, SIDE));
                }
            }
            case "parser" -> {
                try (var network = ParseNet.load(folder, placement)) {
                    say(component, ParsingLesson.measure(network, PEOPLE, SIDE));
                }
            }
            case "clip" -> {
                ClipTokenizer tokenizer = ClipTokenizer.load(pack.resolve("tokenizer"));
                PromptEncoder encoder = sentences -> tokenizer.encode(sentences).toTensor();
                try (var clip = Clip.load(folder, placement);
                        var liqe = new Liqe(clip, encoder);
                        var iqac = new ClipIqac(clip, encoder, "person")) {
                    say("LIQE", QualityEvidence.of(liqe::score, FEW, SIDE));
                    say("CLIP-IQAC", QualityEvidence.of(iqac::score, FEW, SIDE));
                }
            }
            case "lpips-alex" -> {
                try (var lpips = Lpips.load(LpipsNet.ALEX, pack.resolve("lpips-alex-trunk"), folder, placement)) {
                    say(
                            "LPIPS",
                            QualityEvidence.ofPairs(
                                    (clean, worse) -> {
                                        try (var _ = Scope.open()) {
                                            Tensor a = PictureTensors.signed(List.of(clean));
                                            Tensor b = PictureTensors.signed(List.of(worse));
                                            return lpips.distance(a, b).item();
                                        }
                                    },
                                    FEW,
                                    SIDE));
                }
            }
            default -> throw new IllegalArgumentException("nothing is called " + component);
        }
    }

    private void say(String what, Object found) {
        out.accept(what + ": " + found);
    }

    private void say(String what, Map<Blemish, double[]> found) {
        found.forEach((blemish, means) -> out.accept(what + " " + blemish + " "
                + Arrays.toString(
                        Arrays.stream(means).mapToObj("%.3f"::formatted).toArray())));
    }
}
