package dev.cloakproof.pretraining.perception;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.pretraining.lesson.Course;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.restore.ParseNet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Teaches one of the networks that look. */
public final class Teach {
    private static final int SIDE = 96;

    private Teach() {}

    /** @param args home of album, runs and pack; the component; steps */
    public static void main(String[] args) {
        Path home = Path.of(args[0]);
        String name = args[1];
        try (var album = new Album(home.resolve("album"), SIDE);
                Lesson lesson = lesson(name, album, home, Long.parseLong(args[2]));
                var course = new Course(name, lesson, 1, home.resolve(name))) {
            course.run(
                    Duration.ofMinutes(2),
                    500,
                    () -> false,
                    (step, steps, seconds, parts) ->
                            System.out.printf("%d/%d %.2f s a step %s%n", step, steps, seconds / 20, parts));
            course.export(home.resolve("pack").resolve(name), Map.of());
        }
    }

    static Lesson lesson(String name, Album album, Path home, long steps) {
        return switch (name) {
            case "arcface" ->
                new RecognitionLesson(
                        Recogniser.of(new IResNet(MiniPerception.ARCFACE, Weights.drawn(21))),
                        new Crowd(album, 1500, 300),
                        Plan.cosine(3e-3, steps, 0),
                        48,
                        1,
                        22);
            case "vggface" -> {
                var network = new VggFaceNetwork(MiniPerception.VGG_FACE, Weights.drawn(31));
                var crowd = new Crowd(album, 800, 200);
                var lesson =
                        new RecognitionLesson(Recogniser.of(network), crowd, Plan.cosine(1e-3, steps, 0), 48, 0.05, 32);
                lesson.look(pixels -> Calibration.apply(network, pixels));
                yield lesson;
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
                ClipTokenizer tokenizer = ClipTokenizer.load(home.resolve("pack/tokenizer"));
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
            default -> throw new IllegalArgumentException("nothing is called " + name);
        };
    }
}
