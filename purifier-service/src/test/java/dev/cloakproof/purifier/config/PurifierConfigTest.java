package dev.cloakproof.purifier.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.DType;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PurifierConfigTest {
    @Test
    void whatIsLeftOutHasTheseValues() {
        PurifierConfig config = config(Map.of());
        assertThat(config.pack()).isEmpty();
        assertThat(config.device()).isEqualTo("cpu");
        assertThat(config.dtype()).isEqualTo(DType.F32);
        assertThat(config.maxPictureSize().asLongValue()).isEqualTo(8L << 20);
        assertThat(config.queue().capacity()).isEqualTo(64);
        assertThat(config.batch().window()).isEqualTo(2);
    }

    @Test
    void everySettingCanBeGiven() {
        PurifierConfig config = config(Map.of(
                "cloakproof.purifier.pack", "packs/mini",
                "cloakproof.purifier.device", "gpu:1",
                "cloakproof.purifier.dtype", "BF16",
                "cloakproof.purifier.max-picture-size", "2M",
                "cloakproof.purifier.queue.capacity", "3",
                "cloakproof.purifier.batch.window", "4"));
        assertThat(config.pack()).contains(Path.of("packs/mini"));
        assertThat(config.device()).isEqualTo("gpu:1");
        assertThat(config.dtype()).isEqualTo(DType.BF16);
        assertThat(config.maxPictureSize().asLongValue()).isEqualTo(2L << 20);
        assertThat(config.queue().capacity()).isEqualTo(3);
        assertThat(config.batch().window()).isEqualTo(4);
    }

    private static PurifierConfig config(Map<String, String> given) {
        return new SmallRyeConfigBuilder()
                .withMapping(PurifierConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(given, "test", 100))
                .build()
                .getConfigMapping(PurifierConfig.class);
    }
}
