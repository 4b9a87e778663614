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

        /**
         * Pictures of different calls that go through a chain together at most, 1 or more. They go together if they have
         * the same method, settings and pack, and the method has a network that gains by it; the answers come together
         * too. Each is decoded in memory, 3 bytes a pixel, and so is what becomes of it.
         */
        @WithDefault("4")
        int batch();

        /**
         * How long a picture waits for others to go with, 0 or more. Without a wait it goes with those that are there
         * when a worker becomes free, and no answer is held back. While the oldest picture waits, those behind it do.
         */
        @WithDefault("0s")
        Duration batchWait();
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
