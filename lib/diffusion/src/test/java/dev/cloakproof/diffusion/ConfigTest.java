package dev.cloakproof.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloakproof.diffusion.text.ClipTextConfig;
import dev.cloakproof.diffusion.unet.UNetConfig;
import dev.cloakproof.diffusion.vae.AutoencoderConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(PublishedConfigs.class)
    void whatIsWrittenIsReadBack(PublishedConfigs model) {
        UNetConfig unet = UNetConfig.of(model.config("unet"));
        assertThat(UNetConfig.of(ConfigFile.parse("again", unet.toJson().toString())))
                .isEqualTo(unet);
        AutoencoderConfig vae = AutoencoderConfig.of(model.config("vae"));
        assertThat(AutoencoderConfig.of(ConfigFile.parse("again", vae.toJson().toString())))
                .isEqualTo(vae);
        ClipTextConfig text = ClipTextConfig.of(model.config("text_encoder"));
        assertThat(ClipTextConfig.of(ConfigFile.parse("again", text.toJson().toString())))
                .isEqualTo(text);
    }

    /** One key of SD2.1-base's UNet is changed; the error names it, what was expected and what was found. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "act_fn | \"gelu\" | expected one of [silu], found gelu",
                "in_channels | 0 | expected a whole number of at least 1, found 0",
                "in_channels | \"four\" | expected a whole number of at least 1, found \"four\"",
                "block_out_channels | [320, 650, 1280, 1280] | expected multiples of norm_num_groups 32",
                "attention_head_dim | [5, 7, 20, 20] | expected divisors of [320, 640, 1280, 1280]",
                "attention_head_dim | [5, 10] | expected one entry for each of 4 levels",
                "down_block_types | [\"DownBlock2D\"] | expected one entry for each of 4 levels",
                "up_block_types | [\"UpBlock2D\"] | expected the mirror of down_block_types",
                "class_embed_type | \"timestep\" | expected nothing, found \"timestep\"",
                "addition_embed_type | \"text_time\" | expected nothing",
                "flip_sin_to_cos | false | expected true, found false",
                "use_linear_projection | 1 | expected true or false, found 1",
                "_class_name | \"UNet2DModel\" | expected one of [UNet2DConditionModel]"
            })
    void anUnknownValueIsRefusedByName(String key, String value, String expected) {
        String changed = withKey(PublishedConfigs.SD21_BASE.text("unet"), key, value);
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> UNetConfig.of(ConfigFile.parse("unet/config.json", changed)))
                .withMessageContaining("unet/config.json: '" + key + "'")
                .withMessageContaining(expected);
    }

    @Test
    void autoencodersAndTextEncodersRefuseToo() {
        String vae = withKey(PublishedConfigs.SD21_BASE.text("vae"), "shift_factor", "0.1");
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> AutoencoderConfig.of(ConfigFile.parse("vae", vae)))
                .withMessageContaining("'shift_factor': expected nothing, found 0.1");
        String text = withKey(PublishedConfigs.SD21_BASE.text("text_encoder"), "hidden_size", "1000");
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> ClipTextConfig.of(ConfigFile.parse("text", text)))
                .withMessageContaining("'hidden_size': expected a multiple of num_attention_heads 16, found 1000");
    }

    @Test
    void whatIsNoConfigurationIsRefused() throws Exception {
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> ConfigFile.parse("x", "[1]"))
                .withMessageContaining("not a JSON object");
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> ConfigFile.parse("x", "{\"a\": "))
                .withMessageContaining("is not JSON");
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> ConfigFile.read(folder.resolve("missing.json")))
                .withMessageContaining("cannot be read");
        Path huge = folder.resolve("huge.json");
        Files.write(huge, new byte[(1 << 20) + 1]);
        assertThatExceptionOfType(UnsupportedConfigException.class)
                .isThrownBy(() -> ConfigFile.read(huge))
                .withMessageContaining("larger than 1 MiB");
    }

    private static String withKey(String json, String key, String value) {
        // The last of two equal keys counts.
        return json.strip().replaceFirst("}$", ", \"" + key + "\": " + value.replace("\\", "\\\\") + "}");
    }
}
