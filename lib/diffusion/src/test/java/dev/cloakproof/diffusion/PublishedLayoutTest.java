package dev.cloakproof.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.diffusion.guided.GuidedUNet;
import dev.cloakproof.diffusion.guided.GuidedUNetConfig;
import dev.cloakproof.diffusion.text.ClipTextConfig;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.unet.UNetConfig;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.diffusion.vae.AutoencoderConfig;
import dev.cloakproof.tensor.nn.Layout;
import dev.cloakproof.tensor.nn.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The full-size networks ask for exactly the names and shapes that the reference modules have. */
class PublishedLayoutTest {
    @ParameterizedTest
    @CsvSource({"SD14, unet-sd14", "SD21_BASE, unet-sd21base", "X4_UPSCALER, unet-x4upscaler"})
    void unet(PublishedConfigs model, String layout) throws IOException {
        compare(layout, p -> new UNet(UNetConfig.of(model.config("unet")), p));
    }

    @ParameterizedTest
    @CsvSource({"SD14, vae-f8", "SD21_BASE, vae-f8", "X4_UPSCALER, vae-f4-x4upscaler"})
    void autoencoder(PublishedConfigs model, String layout) throws IOException {
        compare(layout, p -> new Autoencoder(AutoencoderConfig.of(model.config("vae")), p));
    }

    @ParameterizedTest
    @CsvSource({"SD14, clip-text-sd14", "SD21_BASE, clip-text-sd21base", "X4_UPSCALER, clip-text-sd21base"})
    void textEncoder(PublishedConfigs model, String layout) throws IOException {
        compare(layout, p -> new ClipTextEncoder(ClipTextConfig.of(model.config("text_encoder")), p));
    }

    @Test
    void guidedDiffusion() throws IOException {
        compare("guided-diffusion-256-uncond", p -> new GuidedUNet(GuidedUNetConfig.PUBLISHED, p));
    }

    private static void compare(String layout, Function<Parameters, ?> network) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("src", "test", "resources", "layouts", layout + ".txt"))) {
            if (!line.startsWith("#")) {
                String[] entry = line.split("\t");
                expected.put(entry[0], entry[1]);
            }
        }
        Map<String, String> found = new TreeMap<>();
        Layout.of(network).forEach((name, shape) -> found.put(name, Arrays.toString(shape)));
        assertThat(found).isEqualTo(expected).hasSizeGreaterThan(100);
    }
}
