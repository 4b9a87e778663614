package dev.cloakproof.pretraining.perception;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.lesson.Scale;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipConfig;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import dev.cloakproof.vision.identity.ArcFace;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.IResNetConfig;
import dev.cloakproof.vision.identity.VggFaceConfig;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.restore.ParseNet;
import dev.cloakproof.vision.restore.ParseNetConfig;
import java.nio.file.Path;
import java.util.List;

/** The lessons of the networks that look, by the names of their components. */
public final class PerceptionLessons {
    /** Portraits that the smoke scale looks at. */
    private static final int FEW = 4 * Album.WORKS;

    private PerceptionLessons() {}

    /**
     * @param pack the folder of finished parts, which holds the tokenizer
     * @throws IllegalArgumentException if there is no lesson of that name
     */
    public static Lesson lesson(String name, Scale scale, Album album, Path pack, long steps) {
        return switch (scale) {
            case MINI -> mini(name, album, pack, steps);
            case SMOKE -> smoke(name, album, pack, steps);
        };
    }

    private static Lesson mini(String name, Album album, Path pack, long steps) {
        return switch (name) {
            case "arcface" ->
                new RecognitionLesson(
                        Recogniser.of(new IResNet(MiniPerception.ARCFACE, Weights.drawn(21))),
                        new Crowd(album, 1500, 300),
                        Plan.cosine(3e-3, steps, 0),
                        48,
                        Parameters.drawn(Generator.seeded(22)));
            case "vggface" -> {
                var crowd = new Crowd(album, 1500, 300);
                yield new RecognitionLesson(
                        Recogniser.of(new NormalisedVggFace(MiniPerception.VGG_FACE, Weights.drawn(31))),
                        crowd,
                        Plan.cosine(3e-3, steps, 0),
                        48,
                        known(crowd, pack));
            }
            case "detector" ->
                new DetectionLesson(
                        new RetinaFace(MiniPerception.DETECTOR, Weights.drawn(41)),
                        album,
                        Plan.cosine(3e-3, steps, 0),
                        32,
                        1500 * Album.WORKS,
                        3000);
            case "clip" -> {
                ClipTokenizer tokenizer = ClipTokenizer.load(pack.resolve("tokenizer"));
                yield new ClipLesson(
                        new Clip(MiniPerception.clip(tokenizer.vocabularySize()), Weights.transformer(51)),
                        tokenizer,
                        album,
                        Plan.cosine(1e-3, steps, 0),
                        48,
                        1500 * Album.WORKS,
                        3000,
                        52);
            }
            case "parser" ->
                new ParsingLesson(
                        new ParseNet(MiniPerception.PARSER, Parameters.drawn(Generator.seeded(61))),
                        album,
                        Plan.cosine(4e-3, steps, 0),
                        8,
                        1500 * Album.WORKS);
            case "lpips-alex" ->
                new LpipsLesson(
                        Lpips.of(LpipsNet.ALEX, Weights.drawn(71), Parameters.drawn(Generator.seeded(72))),
                        album,
                        Plan.cosine(7e-4, steps, 0),
                        16,
                        1500 * Album.WORKS,
                        73);
            default -> throw unknown(name);
        };
    }

    private static Lesson smoke(String name, Album album, Path pack, long steps) {
        Plan plan = Plan.cosine(4e-3, steps, 0);
        return switch (name) {
            case "arcface" ->
                new RecognitionLesson(
                        Recogniser.of(new IResNet(new IResNetConfig(4, List.of(1, 1, 1, 1), 16, 32), Weights.drawn(1))),
                        new Crowd(album, 3, 1),
                        plan,
                        6,
                        Parameters.drawn(Generator.seeded(2)));
            case "vggface" -> {
                var crowd = new Crowd(album, 3, 1);
                yield new RecognitionLesson(
                        Recogniser.of(new NormalisedVggFace(
                                new VggFaceConfig(List.of(4, 4, 8, 8, 8), 16, 16, 32, 0.4), Weights.drawn(1))),
                        crowd,
                        plan,
                        6,
                        known(crowd, pack));
            }
            case "detector" ->
                new DetectionLesson(
                        new RetinaFace(
                                new RetinaFaceConfig(4, List.of(1, 1, 1, 1), 16, album.size()), Weights.drawn(1)),
                        album,
                        plan,
                        4,
                        FEW,
                        4);
            case "parser" ->
                new ParsingLesson(
                        new ParseNet(
                                new ParseNetConfig(32, 16, 8, 8, 16, 1, 19), Parameters.drawn(Generator.seeded(1))),
                        album,
                        plan,
                        2,
                        FEW);
            case "clip" -> {
                ClipTokenizer tokenizer = ClipTokenizer.load(pack.resolve("tokenizer"));
                yield new ClipLesson(
                        new Clip(
                                new ClipConfig(32, 16, 32, 1, 1, 16, tokenizer.vocabularySize(), 77, 32, 1, 1),
                                Weights.drawn(1)),
                        tokenizer,
                        album,
                        plan,
                        8,
                        FEW,
                        4,
                        2);
            }
            case "lpips-alex" ->
                new LpipsLesson(
                        Lpips.of(LpipsNet.ALEX, Weights.drawn(1), Parameters.drawn(Generator.seeded(2))),
                        album,
                        Plan.cosine(5e-4, steps, 0),
                        2,
                        FEW,
                        3);
            default -> throw unknown(name);
        };
    }

    /**
     * People where the first recogniser sees them. Without shortcuts a network as deep as a VGG-Face learns next to
     * nothing of 1,800 directions that alike people do not share (docs/mini-pack.md).
     */
    private static Parameters known(Crowd crowd, Path pack) {
        try (var arcFace = ArcFace.of(IResNet.load(pack.resolve("arcface"), Placement.REFERENCE))) {
            float[] directions = crowd.directions(arcFace);
            return Parameters.from((_, _, shape) -> Tensor.of(directions, shape));
        }
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no lesson is called " + name);
    }
}
