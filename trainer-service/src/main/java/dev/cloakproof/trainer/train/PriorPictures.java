package dev.cloakproof.trainer.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Pictures of the class that the base model makes before it is trained, and that training holds on to (Ruiz et al. 2023,
 * section 3.2). They are kept as PNG below a folder named for everything they depend on, so that every subject of a
 * class shares them; a run that stopped goes on with those that are there.
 *
 * @param root of all caches
 * @param drawer the base model
 */
public record PriorPictures(Path root, Drawer drawer) {
    /** Makes one picture. */
    @FunctionalInterface
    public interface Drawer {
        Picture draw(String prompt, long seed);
    }

    /**
     * @param prompt without any suffix: {@link CdlPrompts#plainClass}
     * @param count how many
     * @param seed of the set; picture i has a seed of its own
     * @param model fingerprint of the base model, and of how it samples
     * @param progress is told how many there are, after each
     * @param cancelled looked at before each
     * @throws TrainingException with {@link Reason#CANNOT_SAVE} if the cache cannot be written
     * @throws java.util.concurrent.CancellationException if cancelled; what was made stays
     */
    public List<Picture> get(
            String prompt, int count, long seed, String model, IntConsumer progress, BooleanSupplier cancelled) {
        Path folder = root.resolve(key(prompt, seed, model));
        List<Picture> pictures = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < count; i++) {
                if (cancelled.getAsBoolean()) {
                    throw new java.util.concurrent.CancellationException("cancelled after " + i + " prior pictures");
                }
                Path file = folder.resolve("%05d.png".formatted(i));
                if (!Files.exists(file)) {
                    Picture drawn = drawer.draw(prompt, RandomStream.PRIOR.seed(seed, i));
                    PictureWriter.write(file, PictureWriter.png(drawn));
                }
                // Also when just made: the same samples from the first run on.
                pictures.add(PictureReader.DEFAULT.read(file));
                progress.accept(i + 1);
            }
        } catch (IOException e) {
            throw new TrainingException(Reason.CANNOT_SAVE, "prior pictures in " + folder + ": " + e.getMessage(), e);
        }
        return pictures;
    }

    private static String key(String prompt, long seed, String model) {
        String all = JsonNodeFactory.instance
                .objectNode()
                .put("prompt", prompt)
                .put("seed", seed)
                .put("model", model)
                .toString();
        byte[] hash = TrainingPictures.sha256().digest(all.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 16);
    }
}
