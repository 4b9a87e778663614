package dev.cloakproof.bench;

import dev.cloakproof.evaluator.evaluate.Metric;
import dev.cloakproof.evaluator.evaluate.Scorer;
import dev.cloakproof.evaluator.evaluate.Scorer.Pair;
import dev.cloakproof.evaluator.evaluate.Scorers;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.identity.ArcFace;
import dev.cloakproof.vision.identity.FaceEmbedder;
import dev.cloakproof.vision.identity.FaceEmbedder.Crop;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.VggFace;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.quality.ClipIqac;
import dev.cloakproof.vision.quality.Liqe;
import dev.cloakproof.vision.quality.PromptEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The scores, as {@code bench/reference/vision_reference.py} has them. Faces are found by RetinaFace: SCRFD is published in
 * ONNX alone, which both sides run in the same runtime.
 */
final class ScoreStages {
    /** Any tokens: sentences are encoded before the clock runs, and short ones sooner. */
    private static final PromptEncoder SENTENCES = sentences -> {
        long[] ids = new long[sentences.size() * 4];
        for (int i = 0; i < sentences.size(); i++) {
            ids[4 * i] = 49406;
            ids[4 * i + 1] = i;
            ids[4 * i + 2] = 49407;
        }
        return Tensor.of(ids, sentences.size(), 4);
    };

    private final Path folder;
    private final int batch;
    private final Stages stages;

    ScoreStages(Path folder, int batch, Stages stages) {
        this.folder = folder;
        this.batch = batch;
        this.stages = stages;
    }

    void measure() {
        List<Picture> pictures = PurifyStages.pictures(batch);
        try (var network = RetinaFace.load(folder.resolve("detector"), Placement.REFERENCE)) {
            var detector = new RetinaDetector(network);
            stages.measure("detect", count -> detector.detect(pictures.subList(0, count)));
        }
        try (var arcFace = ArcFace.of(IResNet.load(folder.resolve("iresnet"), Placement.REFERENCE))) {
            embed("embed_arcface", arcFace, pictures);
        }
        try (var network = VggFaceNetwork.load(folder.resolve("vggface"), Placement.REFERENCE)) {
            embed("embed_vggface", new VggFace(network), pictures);
        }
        List<Pair> pairs = pairs(pictures);
        try (var clip = Clip.load(folder.resolve("clip"), Placement.REFERENCE)) {
            try (var liqe = new Liqe(clip, SENTENCES)) {
                score("liqe", Scorers.liqe(liqe), pairs);
            }
            try (var iqac = new ClipIqac(clip, SENTENCES, "person")) {
                score("clip_iqac", Scorers.clipIqac(iqac), pairs);
            }
        }
        lpips(Metric.LPIPS_ALEX, LpipsNet.ALEX, pairs);
        lpips(Metric.LPIPS_VGG, LpipsNet.VGG, pairs);
        score("ssim", Scorers.ssim(), pairs);
    }

    private void lpips(Metric metric, LpipsNet net, List<Pair> pairs) {
        String name = "lpips-" + net.name().toLowerCase(Locale.ROOT);
        try (var lpips = Lpips.load(net, folder.resolve(name + "-trunk"), folder.resolve(name), Placement.REFERENCE)) {
            score(metric.id(), Scorers.lpips(metric, lpips), pairs);
        }
    }

    private void score(String name, Scorer scorer, List<Pair> pairs) {
        stages.measure(name, count -> scorer.score(pairs.subList(0, count)));
    }

    private void embed(String name, FaceEmbedder embedder, List<Picture> pictures) {
        var face = new Face(160, 160, 360, 400, 0.9, PurifyStages.LANDMARKS);
        List<Crop> crops = pictures.stream()
                .map(picture -> new Crop(picture, Optional.of(face)))
                .toList();
        stages.measure(name, count -> embedder.embed(crops.subList(0, count)));
    }

    private static List<Pair> pairs(List<Picture> pictures) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            pairs.add(new Pair(pictures.get(i), pictures.get((i + 1) % pictures.size())));
        }
        return pairs;
    }
}
