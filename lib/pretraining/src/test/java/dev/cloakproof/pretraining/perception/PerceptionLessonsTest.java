package dev.cloakproof.pretraining.perception;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.pretraining.lesson.Course;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.text.TokenizerFolder;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipConfig;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.IResNetConfig;
import dev.cloakproof.vision.identity.VggFaceConfig;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.restore.ParseNet;
import dev.cloakproof.vision.restore.ParseNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every lesson at a size where it learns something in seconds. */
class PerceptionLessonsTest {
    private static final int SIDE = 48;
    private static final long STEPS = 60;
    private static final int PORTRAITS = 4 * Album.WORKS;

    @TempDir
    static Path home;

    private static Album album;
    private static ClipTokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        album = new Album(home.resolve("album"), SIDE);
        TokenizerFolder.write(home.resolve("tokenizer"), List.of("a photo of a person", "a good face", "a bad face"));
        tokenizer = ClipTokenizer.load(home.resolve("tokenizer"));
    }

    @AfterAll
    static void close() {
        album.close();
    }

    private static Lesson lesson(String name) {
        Plan plan = Plan.cosine(4e-3, STEPS, 0);
        return switch (name) {
            case "arcface" ->
                new RecognitionLesson(
                        Recogniser.of(new IResNet(new IResNetConfig(4, List.of(1, 1, 1, 1), 16, 32), Weights.drawn(1))),
                        new Crowd(album, 3, 1),
                        plan,
                        6,
                        1,
                        2);
            case "vggface" ->
                new RecognitionLesson(
                        Recogniser.of(new VggFaceNetwork(
                                new VggFaceConfig(List.of(4, 4, 8, 8, 8), 16, 16, 32, 0.4), Weights.drawn(1))),
                        new Crowd(album, 3, 1),
                        plan,
                        6,
                        1,
                        2);
            case "detector" ->
                new DetectionLesson(
                        new RetinaFace(new RetinaFaceConfig(4, List.of(1, 1, 1, 1), 16, SIDE), Weights.drawn(1)),
                        album,
                        plan,
                        4,
                        PORTRAITS,
                        4);
            case "parser" ->
                new ParsingLesson(
                        new ParseNet(
                                new ParseNetConfig(32, 16, 8, 8, 16, 1, 19), Parameters.drawn(Generator.seeded(1))),
                        album,
                        plan,
                        2,
                        PORTRAITS);
            case "clip" ->
                new ClipLesson(
                        new Clip(
                                new ClipConfig(32, 16, 32, 1, 1, 16, tokenizer.vocabularySize(), 77, 32, 1, 1),
                                Weights.drawn(1)),
                        tokenizer,
                        album,
                        plan,
                        8,
                        PORTRAITS,
                        4,
                        2);
            default ->
                new LpipsLesson(
                        Lpips.of(LpipsNet.ALEX, Weights.drawn(1), Parameters.drawn(Generator.seeded(2))),
                        album,
                        Plan.cosine(5e-4, STEPS, 0),
                        2,
                        PORTRAITS,
                        3);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"arcface", "vggface", "detector", "parser", "clip", "lpips-alex"})
    void learnsAndGoesOnToTheSameBits(String name) throws IOException {
        List<Double> losses = new ArrayList<>();
        Path straight = home.resolve(name);
        try (Lesson lesson = lesson(name);
                var course = new Course(name, lesson, 1, straight)) {
            course.run(Duration.ofDays(1), STEPS, () -> false, (_, _, _, parts) -> losses.add(parts.get("loss")));
            course.export(home.resolve("pack").resolve(name), Map.of());
        }
        assertThat(losses.getLast()).isLessThan(losses.getFirst());
        assertThat(straight.resolve("sheet-%06d.png".formatted(STEPS))).exists();
        assertThat(home.resolve("pack").resolve(name).resolve("model.safetensors"))
                .exists();

        Path halved = home.resolve(name + "-halved");
        for (long stop : new long[] {STEPS / 2, STEPS}) {
            try (Lesson lesson = lesson(name);
                    var course = new Course(name, lesson, 1, halved)) {
                course.run(Duration.ofDays(1), STEPS, () -> course.step() >= stop, (_, _, _, _) -> {});
            }
        }
        assertThat(Files.readAllBytes(halved.resolve("state.safetensors")))
                .isEqualTo(Files.readAllBytes(straight.resolve("state.safetensors")));
    }
}
