package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.pretraining.lesson.Course;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Scale;
import dev.cloakproof.pretraining.perception.Examine;
import dev.cloakproof.pretraining.text.Sentences;
import dev.cloakproof.pretraining.text.TokenizerFolder;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.nn.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains the mini pack's parts in a folder: {@code album/} holds pictures, {@code pack/} finished parts, and one folder a
 * part its state, its curve and its pictures.
 *
 * @param seed of all random numbers
 */
public record Pretraining(Path home, Scale scale, long seed) {
    /** What the mini pack was trained with. */
    public static final long SEED = 20_261_124;

    /** Enough to see losses fall at {@link Scale#SMOKE}. */
    public static final long SMOKE_STEPS = 80;

    private static final Duration BETWEEN_STATES = Duration.ofMinutes(2);
    private static final int SHEETS = 8;
    /** Subjects of each domain. */
    private static final int EXAMINED = 100;

    /**
     * Trains one part to its last step, or until told to stop, going on where it stood; a finished part is written into
     * the pack.
     *
     * @param steps of the whole training; the same each time that it goes on
     * @param stop asked between two steps
     * @return whether it is finished
     */
    public boolean train(Part part, long steps, BooleanSupplier stop, Course.Listener listener) throws IOException {
        Path pack = home.resolve("pack");
        if (!Files.exists(pack.resolve("tokenizer"))) {
            TokenizerFolder.write(pack.resolve("tokenizer"), Sentences.all());
        }
        try (var album = new Album(home.resolve("album"), Shapes.of(scale).side());
                Lesson lesson = part.lesson(new Parts(scale, seed, pack, album), steps);
                var course = new Course(part.key(), lesson, seed, home.resolve(part.key()))) {
            course.run(BETWEEN_STATES, Math.max(1, steps / SHEETS), stop, listener);
            if (course.finished()) {
                course.export(pack.resolve(part.key()), Map.of());
            }
            return course.finished();
        }
    }

    /**
     * Measures a finished part on subjects that nothing trained on, at the scale of the pack that ships.
     *
     * @param say is told each measure, a line a time
     */
    public void examine(Part part, Consumer<String> say) {
        Path pack = home.resolve("pack");
        switch (part) {
            case AUTOENCODER -> {
                try (var network = Autoencoder.load(pack.resolve(part.key()), Placement.REFERENCE)) {
                    say.accept(part.key() + ": "
                            + AutoencoderEvidence.of(
                                    network, EXAMINED, Shapes.of(scale).side()));
                }
            }
            case DETECTOR, PARSER, ARCFACE, VGG_FACE, CLIP, LPIPS -> Examine.examine(part.key(), pack, say);
            case TEXT_TO_IMAGE, UPSCALER, CODEBOOK, CODE_PREDICTION, FUSION, PIXEL_DIFFUSION ->
                say.accept(part.key() + ": looked at in its sheets; bench effect measures it at work");
        }
    }
}
