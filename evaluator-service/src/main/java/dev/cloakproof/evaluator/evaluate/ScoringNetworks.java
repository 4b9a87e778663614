package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.tensor.ConvolutionCheck;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.Owned;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.identity.FaceEmbedder;
import dev.cloakproof.vision.identity.PackedFaces;
import dev.cloakproof.vision.identity.VggFace;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.quality.Liqe;
import dev.cloakproof.vision.quality.PromptEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The networks behind the scores, each loaded when it is first asked for. Thread-safe. */
public final class ScoringNetworks implements AutoCloseable {
    private final Optional<ModelPack> pack;
    private final Placement placement;
    private final Owned owned = new Owned();
    private final Map<String, Object> loaded = new HashMap<>();

    /** @param pack empty for the scores without weights */
    public ScoringNetworks(Optional<ModelPack> pack, Placement placement) {
        this.pack = pack;
        this.placement = placement;
    }

    /** Why a component cannot be used; empty if it can. */
    Optional<String> lack(String component) {
        if (pack.isEmpty()) {
            return Optional.of("there is no model pack");
        }
        return pack.get().has(component)
                ? Optional.empty()
                : Optional.of("the pack '" + pack.get().name() + "' has no component '" + component + "'");
    }

    FaceDetector detector() {
        return once("face-detector", pack -> PackedFaces.detector(pack, placement, owned));
    }

    FaceEmbedder arcface() {
        return once("arcface", pack -> PackedFaces.arcFace(pack, placement, owned));
    }

    VggFace vggface() {
        return once("vggface", pack -> PackedFaces.vggFace(pack, placement, owned));
    }

    Liqe liqe() {
        PromptEncoder encoder = encoder();
        return once("liqe", pack -> {
            Clip clip = owned.add(Clip.load(pack.path("liqe", "liqe"), placement));
            return owned.add(new Liqe(clip, encoder));
        });
    }

    /** OpenAI's, for sentences on pictures. */
    public Clip clip() {
        return once("clip", pack -> owned.add(Clip.load(pack.path("clip", "clip"), placement)));
    }

    /** CLIP reads up to the end of text, so how a sentence is padded does not matter. */
    public PromptEncoder encoder() {
        ClipTokenizer tokenizer =
                once("tokenizer", pack -> ClipTokenizer.load(pack.path("tokenizer", "clip-tokenizer")));
        return sentences -> tokenizer.encode(sentences).toTensor();
    }

    /** Whether pictures can be placed among sentences. */
    public boolean hasClip() {
        return lack("clip").isEmpty() && lack("tokenizer").isEmpty();
    }

    Lpips lpips(LpipsNet net, String component) {
        return once(
                component,
                pack -> owned.add(Lpips.load(
                        net,
                        pack.path(component + "-trunk", "lpips-trunk"),
                        pack.path(component, "lpips"),
                        placement)));
    }

    @SuppressWarnings("unchecked") // a component is always loaded as the same kind of thing
    private synchronized <T> T once(String component, Function<ModelPack, T> load) {
        if (!loaded.containsKey(component)) {
            ConvolutionCheck.require(placement.device());
            loaded.put(component, load.apply(pack.orElseThrow()));
        }
        return (T) loaded.get(component);
    }

    @Override
    public synchronized void close() {
        owned.close();
        loaded.clear();
    }
}
