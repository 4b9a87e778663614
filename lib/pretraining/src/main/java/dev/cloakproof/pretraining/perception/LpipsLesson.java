package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.portraits.face.Identity;
import dev.cloakproof.portraits.face.Photograph;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.HalfPrecision;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.perceptual.Lpips;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The perceptual distance: a network that learns to see what people look like, what stands behind them and what was done
 * to a picture, and weights of its channels with which the distance from a picture to a worse one grows with how much
 * worse it is. Of each picture there are three: itself, a little worse, and much worse in the same way.
 */
final class LpipsLesson implements Lesson {
    private static final double SLOPE = 0.7;
    private static final double STEEPNESS = 5;

    private final Lpips lpips;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final int portraits;
    private final Parameters answers;
    private final List<Linear> questions = new ArrayList<>();
    private final Linear strength;

    /** What is asked about a portrait: which of so many. */
    private enum Question {
        HAIR(64),
        DYE(32),
        SKIN(16),
        GLASSES(16),
        HAT(16),
        BEHIND(16),
        BLEMISH(16);

        private final int most;

        Question(int most) {
            this.most = most;
        }

        long answer(Identity who, Photograph photograph, int blemish) {
            return switch (this) {
                case HAIR -> who.hair().style().ordinal();
                case DYE -> who.hair().colour().ordinal();
                case SKIN -> who.skin().tone().ordinal();
                case GLASSES -> who.glasses().kind().ordinal();
                case HAT -> who.hat().kind().ordinal();
                case BEHIND -> photograph.background().kind().ordinal();
                case BLEMISH -> blemish;
            };
        }
    }

    LpipsLesson(Lpips lpips, Album album, Plan plan, int batch, int portraits, long seed) {
        this.lpips = lpips;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        this.portraits = portraits;
        answers = Parameters.drawn(Generator.seeded(seed));
        int width = lpips.channels().getLast();
        for (Question question : Question.values()) {
            questions.add(new Linear(answers.at(question.name()), width, question.most));
        }
        strength = new Linear(answers.at("STRENGTH"), width, 1);
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        lpips.trunk().parameters().all().forEach((name, tensor) -> parameters.put("trunk." + name, tensor));
        lpips.heads().parameters().all().forEach((name, tensor) -> parameters.put("heads." + name, tensor));
        answers.all().forEach((name, tensor) -> parameters.put("answers." + name, tensor));
        return parameters;
    }

    @Override
    public Outcome attempt(Draws draws) {
        keepPositive();
        // 1. pictures: as they are, a little worse, much worse
        List<Picture> pictures = new ArrayList<>();
        List<Picture> little = new ArrayList<>();
        List<Picture> much = new ArrayList<>();
        List<int[]> shown = new ArrayList<>(); // of all three parts: index, blemish
        float[] strengths = new float[3 * batch];
        for (int i = 0; i < batch; i++) {
            int index = draws.below(portraits);
            Blemish blemish = Blemish.values()[draws.below(Blemish.values().length)];
            double strong = draws.between(0.2, 1);
            double weak = strong * draws.between(0, 0.8);
            long seed = draws.numbers().nextLong();
            Picture picture = album.picture(Album.Kind.PORTRAIT, index);
            pictures.add(picture);
            little.add(blemish.of(picture, weak, Draws.of(seed)));
            much.add(blemish.of(picture, strong, Draws.of(seed)));
            strengths[batch + i] = (float) weak;
            strengths[2 * batch + i] = (float) strong;
            shown.add(new int[] {index, blemish.ordinal()});
        }
        pictures.addAll(little);
        pictures.addAll(much);
        List<Tensor> features = lpips.features(PictureTensors.signed(pictures));
        // 2. what they show
        Tensor pooled = features.getLast().mean(false, 2, 3); // (3 batch, channels)
        Tensor seen = null;
        for (Question question : Question.values()) {
            Tensor loss = Functions.crossEntropy(
                    questions.get(question.ordinal()).forward(pooled), answers(question, shown), -1);
            seen = seen == null ? loss : seen.add(loss);
        }
        Tensor wanted = Tensor.of(strengths, 3L * batch, 1);
        seen = seen.add(Functions.mse(strength.forward(pooled), wanted), 4);
        // 3. distances from the first of each to the others
        Tensor near = lpips.distance(part(features, 0), part(features, 1));
        Tensor far = lpips.distance(part(features, 0), part(features, 2));
        Tensor order = softplus(near.add(1e-4).log().sub(far.add(1e-4).log()).mul(STEEPNESS));
        Tensor scale = square(near, wanted, 1).add(square(far, wanted, 2));
        double right = share(near, far);
        return new Outcome(
                seen.mul(0.2).add(order.mean()).add(scale, 2),
                Map.of(
                        "seen", seen.item(),
                        "order", order.mean().item(),
                        "scale", scale.item(),
                        "right", right));
    }

    /** Distances add up squares: a channel may count for nothing, never for less. */
    private void keepPositive() {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            lpips.heads()
                    .parameters()
                    .all()
                    .values()
                    .forEach(weight -> InPlace.copy(weight, weight.clamp(0, Float.MAX_VALUE)));
        }
    }

    private Tensor answers(Question question, List<int[]> shown) {
        long[] answers = new long[3 * batch];
        for (int i = 0; i < answers.length; i++) {
            int[] what = shown.get(i % batch);
            // A picture without a blemish has one kind more.
            int blemish = i < batch ? Blemish.values().length : what[1];
            answers[i] = question.answer(Identity.of(what[0] / Album.WORKS), Photograph.of(what[0]), blemish);
        }
        return Tensor.of(answers, answers.length);
    }

    private List<Tensor> part(List<Tensor> features, int part) {
        return features.stream()
                .map(map -> map.narrow(0, (long) part * batch, batch))
                .toList();
    }

    private Tensor square(Tensor distance, Tensor wanted, int part) {
        Tensor strengths = wanted.narrow(0, (long) part * batch, batch).reshape(batch);
        return Functions.mse(distance, strengths.mul(SLOPE));
    }

    private static Tensor softplus(Tensor x) {
        return x.clamp(-30, 30).exp().add(1).log();
    }

    private static double share(Tensor near, Tensor far) {
        float[] a = near.toFloats();
        float[] b = far.toFloats();
        int right = 0;
        for (int i = 0; i < a.length; i++) {
            right += a[i] < b[i] ? 1 : 0;
        }
        return (double) right / a.length;
    }

    @Override
    public Picture sheet() {
        List<Picture> row = new ArrayList<>();
        for (Blemish blemish : Blemish.values()) {
            row.add(blemish.of(album.picture(Album.Kind.PORTRAIT, 1), 0.5, Draws.of(1)));
        }
        return PortraitSheet.of(List.of(row));
    }

    /** The trunk beside the folder of the weights, as packs keep them apart. */
    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        keepPositive();
        HalfPrecision.save(
                folder.resolve("model.safetensors"), lpips.heads().parameters().all(), metadata);
        Path trunk = folder.resolveSibling(folder.getFileName() + "-trunk");
        HalfPrecision.save(
                trunk.resolve("model.safetensors"), lpips.trunk().parameters().all(), metadata);
    }

    @Override
    public void close() {
        lpips.close();
        answers.close();
    }
}
