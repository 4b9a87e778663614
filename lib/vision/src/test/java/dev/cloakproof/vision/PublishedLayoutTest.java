package dev.cloakproof.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.nn.Layout;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import dev.cloakproof.vision.restore.CodeFormer;
import dev.cloakproof.vision.restore.CodeFormerConfig;
import dev.cloakproof.vision.restore.ParseNet;
import dev.cloakproof.vision.restore.ParseNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The full-size networks ask for exactly the names and shapes of the published files. */
public class PublishedLayoutTest {
    @Test
    void codeFormer() throws IOException {
        compare("codeformer", p -> new CodeFormer(CodeFormerConfig.PUBLISHED, p));
    }

    @Test
    void retinaFace() throws IOException {
        compare("retinaface-resnet50", p -> new RetinaFace(RetinaFaceConfig.RESNET50, p));
    }

    @Test
    void parseNet() throws IOException {
        compare("parsenet", p -> new ParseNet(ParseNetConfig.PUBLISHED, p));
    }

    /** Counts of batches are left out; 1x1 convolutions may stand for linear layers, as when loading. */
    public static void compare(String layout, Function<Parameters, ?> network) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("src", "test", "resources", "layouts", layout + ".txt"))) {
            if (!line.startsWith("#") && !line.contains("num_batches_tracked")) {
                String[] entry = line.split("\t");
                expected.put(entry[0], entry[1]);
            }
        }
        Map<String, String> found = new TreeMap<>();
        Layout.of(network).forEach((name, shape) -> found.put(name, pointwise(shape, expected.get(name))));
        assertThat(found).isEqualTo(expected).hasSizeGreaterThan(100);
    }

    private static String pointwise(long[] shape, String expected) {
        String text = Arrays.toString(shape);
        return shape.length == 2 && text.replace("]", ", 1, 1]").equals(expected) ? expected : text;
    }
}
