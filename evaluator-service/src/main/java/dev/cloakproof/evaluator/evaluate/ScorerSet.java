package dev.cloakproof.evaluator.evaluate;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.pack.Owned;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.identity.FaceEmbedder;
import dev.cloakproof.vision.identity.VggFace;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.quality.ClipIqac;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The scorers for one question, and why the metrics that nobody can answer are missing. */
public final class ScorerSet implements AutoCloseable {
    private final Owned owned = new Owned();
    private final List<Scorer> scorers = new ArrayList<>();
    private final Map<Metric, String> missing = new EnumMap<>(Metric.class);
    private FaceDetector detector; // loaded with the first metric that looks for faces

    private ScorerSet() {}

    /**
     * @param networks stay the caller's to close, after this
     * @param wanted metrics; what they are made of is scored too
     * @param references pictures of the person, empty for none
     * @param pairs whether pictures have counterparts to be faithful to
     * @param noun what the pictures show
     */
    public static ScorerSet open(
            ScoringNetworks networks, Set<Metric> wanted, List<Picture> references, boolean pairs, String noun) {
        var set = new ScorerSet();
        try {
            for (Metric metric : Metric.withParts(wanted)) {
                set.add(metric, networks, references, pairs, noun);
            }
            set.missing.keySet().retainAll(wanted);
            return set;
        } catch (Throwable e) {
            set.close();
            throw e;
        }
    }

    public List<Scorer> scorers() {
        return Collections.unmodifiableList(scorers);
    }

    /** Why wanted metrics cannot be given. */
    public Map<Metric, String> missing() {
        return Collections.unmodifiableMap(missing);
    }

    private void add(Metric metric, ScoringNetworks networks, List<Picture> references, boolean pairs, String noun) {
        Optional<String> lack = lack(metric, networks, references, pairs);
        if (lack.isPresent()) {
            missing.put(metric, lack.get());
            return;
        }
        switch (metric) {
            case IMS_IP -> identity(metric, networks, networks.arcface(), IdentityRule.ARCFACE, references);
            case IMS_VGG -> {
                VggFace vggface = networks.vggface();
                identity(metric, networks, vggface, IdentityRule.VGG_FACE.within(vggface.farthest()), references);
            }
            case LIQE -> scorers.add(Scorers.liqe(networks.liqe()));
            case CLIP_IQAC ->
                scorers.add(Scorers.clipIqac(owned.add(new ClipIqac(networks.clip(), networks.encoder(), noun))));
            case LPIPS_ALEX -> scorers.add(Scorers.lpips(metric, networks.lpips(LpipsNet.ALEX, "lpips-alex")));
            case LPIPS_VGG -> scorers.add(Scorers.lpips(metric, networks.lpips(LpipsNet.VGG, "lpips-vgg")));
            case SSIM -> scorers.add(Scorers.ssim());
            case MS_SSIM -> scorers.add(Scorers.multiScaleSsim());
            case PSNR -> scorers.add(Scorers.psnr());
            case IMS, Q, Q_LIQE, AVERAGE -> {
                // calculated from the others
            }
        }
    }

    private void identity(
            Metric metric,
            ScoringNetworks networks,
            FaceEmbedder embedder,
            IdentityRule rule,
            List<Picture> references) {
        try {
            detector = detector == null ? new FacesOnce(networks.detector()) : detector;
            var scorer = new IdentityScorer(detector, embedder, rule, references);
            scorers.add(Scorers.identity(metric, scorer));
        } catch (ScoreException none) {
            missing.put(metric, none.getMessage());
        }
    }

    private Optional<String> lack(Metric metric, ScoringNetworks networks, List<Picture> references, boolean pairs) {
        if (metric.needs() == Metric.Needs.REFERENCES && references.isEmpty()) {
            return Optional.of("there are no reference pictures");
        }
        if (metric.needs() == Metric.Needs.COUNTERPARTS && !pairs) {
            return Optional.of("there is nothing that the pictures were made from");
        }
        // What a metric is made of stands before it in the enumeration.
        Optional<Metric> part =
                metric.madeOf().stream().filter(missing::containsKey).findFirst();
        if (part.isPresent()) {
            return Optional.of("it is made of " + part.get().id() + ": " + missing.get(part.get()));
        }
        return components(metric)
                .flatMap(component -> networks.lack(component).stream())
                .findFirst();
    }

    private static Stream<String> components(Metric metric) {
        return switch (metric) {
            case IMS_IP -> Stream.of("face-detector", "arcface");
            case IMS_VGG -> Stream.of("face-detector", "vggface");
            case LIQE -> Stream.of("liqe", "tokenizer");
            case CLIP_IQAC -> Stream.of("clip", "tokenizer");
            case LPIPS_ALEX -> Stream.of("lpips-alex", "lpips-alex-trunk");
            case LPIPS_VGG -> Stream.of("lpips-vgg", "lpips-vgg-trunk");
            default -> Stream.of();
        };
    }

    @Override
    public void close() {
        owned.close();
    }
}
