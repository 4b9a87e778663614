package dev.cloakproof.purifier.purify;

import dev.cloakproof.diffusion.pipeline.Upscaler;
import dev.cloakproof.tensor.ConvolutionCheck;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.Owned;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import dev.cloakproof.vision.restore.CodeFormer;
import dev.cloakproof.vision.restore.CodeFormerConfig;
import dev.cloakproof.vision.restore.ParseNet;
import dev.cloakproof.vision.restore.ParseNetConfig;

/** The purification steps that a pack has weights for, and the networks behind them. */
public final class PurifierPack implements AutoCloseable {
    private final Owned owned = new Owned();
    private final StepCatalogue catalogue;

    /** @param pack null for the steps without weights */
    public PurifierPack(ModelPack pack, Placement placement) {
        if (pack != null) {
            // A libtorch with wrong convolutions must not purify a single picture.
            ConvolutionCheck.require(placement.device());
        }
        try {
            catalogue = pack == null
                    ? Methods.catalogue(null, null)
                    : Methods.catalogue(restoration(pack, placement), enlarging(pack, placement));
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    public StepCatalogue catalogue() {
        return catalogue;
    }

    /** CodeFormer needs all three networks or none. */
    private CodeFormerStep restoration(ModelPack pack, Placement placement) {
        if (!pack.has("codeformer")) {
            return null;
        }
        RetinaFace detector =
                owned.add(RetinaFace.load(pack.path("detector", "retinaface"), RetinaFaceConfig.RESNET50, placement));
        CodeFormer restorer = owned.add(
                CodeFormer.load(pack.path("codeformer", "codeformer"), CodeFormerConfig.PUBLISHED, placement));
        ParseNet parser =
                owned.add(ParseNet.load(pack.path("parser", "parsenet"), ParseNetConfig.PUBLISHED, placement));
        return new CodeFormerStep(new RetinaDetector(detector), restorer, parser);
    }

    private SuperResolutionStep enlarging(ModelPack pack, Placement placement) {
        return pack.has("upscaler")
                ? new SuperResolutionStep(new DiffusionEnlarger(
                        owned.add(Upscaler.load(pack.path("upscaler", "x4-upscaler"), placement))))
                : null;
    }

    @Override
    public void close() {
        owned.close();
    }
}
