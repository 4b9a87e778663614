package dev.cloakproof.cli;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.evaluator.evaluate.IdentityRule;
import dev.cloakproof.evaluator.evaluate.IdentityScorer;
import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.Scorer;
import dev.cloakproof.evaluator.evaluate.Scorers;
import dev.cloakproof.tensor.ConvolutionCheck;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.Owned;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.face.Scrfd;
import dev.cloakproof.vision.identity.ArcFace;
import dev.cloakproof.vision.identity.VggFace;
import dev.cloakproof.vision.identity.VggFaceConfig;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.quality.ClipIqac;
import dev.cloakproof.vision.quality.Liqe;
import dev.cloakproof.vision.quality.PromptEncoder;
import java.util.ArrayList;
import java.util.List;

/** The scorers that there is input and weights for, and the networks behind them. */
final class ScorerPack implements AutoCloseable {
    private final Owned owned = new Owned();
    private final List<Scorer> scorers = new ArrayList<>();

    /**
     * @param pack null for the scorers without weights
     * @param references pictures of the person, empty for none
     * @param pairs whether pictures have counterparts to be faithful to
     * @param noun what the pictures show
     */
    ScorerPack(ModelPack pack, Placement placement, List<Picture> references, boolean pairs, String noun) {
        try {
            if (pack != null) {
                ConvolutionCheck.require(placement.device());
                identity(pack, placement, references);
                quality(pack, placement, noun);
            }
            if (pairs) {
                scorers.add(Scorers.psnr());
                scorers.add(Scorers.ssim());
                scorers.add(Scorers.multiScaleSsim());
                if (pack != null) {
                    lpips(pack, placement, "lpips-alex", LpipsNet.ALEX, Metric.LPIPS_ALEX);
                    lpips(pack, placement, "lpips-vgg", LpipsNet.VGG, Metric.LPIPS_VGG);
                }
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    List<Scorer> scorers() {
        return scorers;
    }

    private void identity(ModelPack pack, Placement placement, List<Picture> references) {
        if (references.isEmpty() || !pack.has("face-detector")) {
            return;
        }
        Scrfd detector = owned.add(Scrfd.load(pack.path("face-detector", "scrfd")));
        if (pack.has("arcface")) {
            ArcFace arcface = owned.add(ArcFace.load(pack.path("arcface", "arcface")));
            scorers.add(Scorers.identity(
                    Metric.IMS_IP, new IdentityScorer(detector, arcface, IdentityRule.ARCFACE, references)));
        }
        if (pack.has("vggface")) {
            VggFaceNetwork network = owned.add(
                    VggFaceNetwork.load(pack.path("vggface", "vgg-face"), VggFaceConfig.PUBLISHED, placement));
            scorers.add(Scorers.identity(
                    Metric.IMS_VGG,
                    new IdentityScorer(detector, new VggFace(network), IdentityRule.VGG_FACE, references)));
        }
    }

    private void quality(ModelPack pack, Placement placement, String noun) {
        if (!pack.has("liqe") && !pack.has("clip")) {
            return;
        }
        ClipTokenizer tokenizer = ClipTokenizer.load(pack.path("tokenizer", "clip-tokenizer"));
        // CLIP reads up to the end of text, so how a prompt is padded does not matter.
        PromptEncoder encoder = sentences -> tokenizer.encode(sentences).toTensor();
        if (pack.has("liqe")) {
            Clip clip = owned.add(Clip.load(pack.path("liqe", "liqe"), placement));
            scorers.add(Scorers.liqe(owned.add(new Liqe(clip, encoder))));
        }
        if (pack.has("clip")) {
            Clip clip = owned.add(Clip.load(pack.path("clip", "clip"), placement));
            scorers.add(Scorers.clipIqac(owned.add(new ClipIqac(clip, encoder, noun))));
        }
    }

    private void lpips(ModelPack pack, Placement placement, String component, LpipsNet net, Metric metric) {
        if (pack.has(component)) {
            Lpips lpips = owned.add(Lpips.load(
                    net, pack.path(component + "-trunk", "lpips-trunk"), pack.path(component, "lpips"), placement));
            scorers.add(Scorers.lpips(metric, lpips));
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
