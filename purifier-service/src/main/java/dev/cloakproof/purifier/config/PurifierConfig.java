package dev.cloakproof.purifier.config;

import dev.cloakproof.tensor.DType;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Everything of the purifier that can be set. */
@ConfigMapping(prefix = "cloakproof.purifier")
public interface PurifierConfig {
    /** Folder of the model pack. Absent: only methods that need no weights. A damaged pack stops the start. */
    Optional<Path> pack();

    /** Where the networks run: {@code auto}, {@code cpu} or {@code gpu:n}. */
    @WithDefault("cpu")
    String device();

    /** Arithmetic of the networks: {@code F32}, {@code BF16} or {@code F16}. */
    @WithDefault("F32")
    DType dtype();

    /** Largest encoded picture. The server's largest message has to be larger. */
    @WithDefault("8M")
    MemorySize maxPictureSize();

    /** The calls that wait. */
    Queue queue();

    /** The streams of PurifyBatch. */
    Batch batch();

    /** The calls that wait. */
    interface Queue {
        /** Pictures that may wait, 1 or more; the next one is refused with QUEUE_FULL. */
        @WithDefault("64")
        int capacity();
    }

    /** The streams of PurifyBatch. */
    interface Batch {
        /** Pictures of one stream that may wait or be at work, 1 or more; the client's next ones stay with it. */
        @WithDefault("2")
        int window();
    }
}
