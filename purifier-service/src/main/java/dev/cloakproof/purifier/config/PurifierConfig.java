package dev.cloakproof.purifier.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What can be set of the purifier alone. */
@ConfigMapping(prefix = "cloakproof.purifier")
public interface PurifierConfig {
    /** Largest encoded picture. The server's largest message has to be larger. */
    @WithDefault("8M")
    MemorySize maxPictureSize();

    /** The calls that wait. */
    Queue queue();

    /** The streams of PurifyBatch. */
    Batch batch();

    /** The uploads. */
    Upload upload();

    /** The calls that wait. */
    interface Queue {
        /** Pictures that may wait, 1 or more; the next one is refused with QUEUE_FULL. */
        @WithDefault("64")
        int capacity();

        /**
         * Pictures that may be decoded and encoded at once, 1 or more; the methods themselves take turns. The largest
         * pictures take 300 MB of heap each while they are encoded.
         */
        @WithDefault("2")
        int workers();
    }

    /** The streams of PurifyBatch. */
    interface Batch {
        /** Pictures of one stream that may wait or be at work, 1 or more; the client's next ones stay with it. */
        @WithDefault("2")
        int window();
    }

    /** The uploads. */
    interface Upload {
        /**
         * How long a run waits for further uploads of its subject before it begins: those with the same parameters join
         * it, so that ten uploads in a minute make one retraining. Each upload begins the wait anew.
         */
        @WithDefault("30s")
        Duration settle();
    }
}
