package dev.cloakproof.evaluator.config;

import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.platform.security.Retention.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** Everything of the evaluator that can be set, beside what all services share. */
@ConfigMapping(prefix = "cloakproof.evaluator")
public interface EvaluatorConfig {
    /** The run index. */
    Index index();

    /** The calls of Evaluate that wait. */
    Queue queue();

    /** How long personal things are kept. There is no "for ever": ten years at most. */
    Keep retention();

    /** The run index. */
    interface Index {
        /** Whether it is made again at the start from the store and the event log. An empty one always is. */
        @WithDefault("false")
        boolean rebuild();

        /** Time between two looks at runs that somebody watches. */
        @WithDefault("250ms")
        Duration watchInterval();
    }

    /** The calls of Evaluate that wait. */
    interface Queue {
        /** Calls that may wait, 1 or more; the next one is refused with QUEUE_FULL. */
        @WithDefault("16")
        int capacity();
    }

    /** How long personal things are kept. */
    interface Keep {
        /** Uploaded and purified pictures. */
        @WithDefault("30d")
        Duration pictures();

        /** Personalised models and their checkpoints. */
        @WithDefault("7d")
        Duration models();

        /** Drawn pictures. */
        @WithDefault("30d")
        Duration samples();

        /** Reports and scores. */
        @WithDefault("365d")
        Duration reports();

        /** Time between two looks for what is to be deleted. */
        @WithDefault("1h")
        Duration sweep();

        /** As the policy that it is. */
        default Retention policy() {
            return new Retention(Map.of(
                    Kind.PICTURE, pictures(),
                    Kind.MODEL, models(),
                    Kind.SAMPLE, samples(),
                    Kind.REPORT, reports()));
        }
    }
}
