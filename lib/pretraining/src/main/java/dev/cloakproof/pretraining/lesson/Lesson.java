package dev.cloakproof.pretraining.lesson;

import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What one network, or several together, learns from scratch. Owns them. */
public interface Lesson extends AutoCloseable {
    /** How it is taught. */
    Plan plan();

    /** What is trained: float32 leaves by unique names, always the same objects. */
    Map<String, Tensor> parameters();

    /** What changes in training without gradients, such as running statistics; kept with checkpoints. */
    default Map<String, Tensor> buffers() {
        return Map.of();
    }

    /**
     * One batch.
     *
     * @param loss a scalar in the current scope, with its graph
     * @param parts what a person wants to see in the curve, by name
     */
    record Outcome(Tensor loss, Map<String, Double> parts) {}

    Outcome attempt(Draws draws);

    /** A picture that shows how far it is. */
    Picture sheet();

    /**
     * Writes the component as packs hold it.
     *
     * @param folder made if it is not there
     * @param metadata strings for the headers of weight files
     */
    void save(Path folder, Map<String, String> metadata) throws IOException;

    @Override
    void close();
}
