package dev.cloakproof.purifier.purify;

import dev.cloakproof.diffusion.pipeline.Upscaler;
import dev.cloakproof.tensor.ConvolutionCheck;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.Owned;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.restore.CodeFormer;
import dev.cloakproof.vision.restore.CodeFormerConfig;
import dev.cloakproof.vision.restore.ParseNet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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
        pack.require(Map.of("detector", "retinaface", "codeformer", "codeformer", "parser", "parsenet"));
        RetinaFace detector = owned.add(RetinaFace.load(pack.path("detector", "retinaface"), placement));
        CodeFormer restorer = owned.add(restorer(pack.path("codeformer", "codeformer"), placement));
        ParseNet parser = owned.add(ParseNet.load(pack.path("parser", "parsenet"), placement));
        return new CodeFormerStep(new RetinaDetector(detector), restorer, parser);
    }

    /** The published file, or a folder that tells its shape. */
    private static CodeFormer restorer(Path path, Placement placement) {
        return Files.isDirectory(path)
                ? CodeFormer.load(path, placement)
                : CodeFormer.load(path, CodeFormerConfig.PUBLISHED, placement);
    }

    private SuperResolutionStep enlarging(ModelPack pack, Placement placement) {
        if (!pack.has("upscaler")) {
            return null;
        }
        Upscaler upscaler = owned.add(Upscaler.load(pack.path("upscaler", "x4-upscaler"), placement));
        try {
            return new SuperResolutionStep(new DiffusionEnlarger(upscaler), upscaler.side(), pack.defaults("sr"));
        } catch (IllegalArgumentException e) {
            throw pack.damaged("defaults, sr: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
