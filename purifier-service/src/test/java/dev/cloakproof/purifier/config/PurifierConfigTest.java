package dev.cloakproof.purifier.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PurifierConfigTest {
    @Test
    void whatIsLeftOutHasTheseValues() {
        PurifierConfig config = config(Map.of());
        assertThat(config.maxPictureSize().asLongValue()).isEqualTo(8L << 20);
        assertThat(config.queue().capacity()).isEqualTo(64);
        assertThat(config.queue().workers()).isEqualTo(2);
        assertThat(config.queue().batch()).isEqualTo(4);
        assertThat(config.queue().batchWait()).isZero();
        assertThat(config.batch().window()).isEqualTo(2);
        assertThat(config.upload().settle()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void everySettingCanBeGiven() {
        PurifierConfig config = config(Map.of(
                "cloakproof.purifier.max-picture-size", "2M",
                "cloakproof.purifier.queue.capacity", "3",
                "cloakproof.purifier.queue.batch", "8",
                "cloakproof.purifier.queue.batch-wait", "5ms",
                "cloakproof.purifier.batch.window", "4",
                "cloakproof.purifier.upload.settle", "0s"));
        assertThat(config.maxPictureSize().asLongValue()).isEqualTo(2L << 20);
        assertThat(config.queue().capacity()).isEqualTo(3);
        assertThat(config.queue().batch()).isEqualTo(8);
        assertThat(config.queue().batchWait()).isEqualTo(Duration.ofMillis(5));
        assertThat(config.batch().window()).isEqualTo(4);
        assertThat(config.upload().settle()).isZero();
    }

    private static PurifierConfig config(Map<String, String> given) {
        return new SmallRyeConfigBuilder()
                .withMapping(PurifierConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(given, "test", 100))
                .build()
                .getConfigMapping(PurifierConfig.class);
    }
}
