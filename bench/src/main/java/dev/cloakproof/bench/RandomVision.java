package dev.cloakproof.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.PublishedConfigs;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.nn.Network;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.vision.block.NetworkFolder;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipConfig;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.face.RetinaFaceConfig;
import dev.cloakproof.vision.identity.IResNet;
import dev.cloakproof.vision.identity.IResNetConfig;
import dev.cloakproof.vision.identity.VggFaceConfig;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.perceptual.Lpips;
import dev.cloakproof.vision.perceptual.LpipsNet;
import dev.cloakproof.vision.restore.CodeFormer;
import dev.cloakproof.vision.restore.CodeFormerConfig;
import dev.cloakproof.vision.restore.ParseNet;
import dev.cloakproof.vision.restore.ParseNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Networks of the published sizes with random weights, as both sides of {@code bench purify} and {@code score} read them. */
final class RandomVision {
    /** Id that begins a text in CLIP's vocabulary. */
    private static final int BEGIN = 49406;

    private RandomVision() {}

    /** What purification needs: 2.8 GB. */
    static void writeRestoration(Path folder) throws IOException {
        write(folder, "detector", RetinaFaceConfig.RESNET50, p -> new RetinaFace(RetinaFaceConfig.RESNET50, p));
        write(folder, "codeformer", CodeFormerConfig.PUBLISHED, p -> new CodeFormer(CodeFormerConfig.PUBLISHED, p));
        write(folder, "parser", ParseNetConfig.PUBLISHED, p -> new ParseNet(ParseNetConfig.PUBLISHED, p));
        RandomModel.writePictureParts(PublishedConfigs.X4_UPSCALER, folder.resolve("upscaler"));
    }

    /** What scoring needs: 2 GB. */
    static void writeScoring(Path folder) throws IOException {
        write(folder, "detector", RetinaFaceConfig.RESNET50, p -> new RetinaFace(RetinaFaceConfig.RESNET50, p));
        write(folder, "iresnet", IResNetConfig.R100, p -> new IResNet(IResNetConfig.R100, p));
        write(folder, "vggface", VggFaceConfig.PUBLISHED, p -> new VggFaceNetwork(VggFaceConfig.PUBLISHED, p));
        if (missing(folder, "clip")) {
            try (Network drawn = new Clip(ClipConfig.VIT_B32, drawn())) {
                save(folder, "clip", drawn);
            }
            ObjectNode config = ClipConfig.VIT_B32.toJson(BEGIN);
            Files.writeString(folder.resolve("clip").resolve("config.json"), config.toPrettyString());
        }
        for (LpipsNet net : LpipsNet.values()) {
            String name = "lpips-" + net.name().toLowerCase(Locale.ROOT);
            if (missing(folder, name) || missing(folder, name + "-trunk")) {
                try (Lpips lpips = Lpips.of(net, drawn(), drawn())) {
                    save(folder, name + "-trunk", lpips.trunk());
                    save(folder, name, lpips.heads());
                }
            }
        }
    }

    private static boolean missing(Path folder, String name) {
        return !Files.exists(folder.resolve(name).resolve("model.safetensors"));
    }

    private static void write(Path folder, String name, Object config, Function<Parameters, Network> network)
            throws IOException {
        if (missing(folder, name)) {
            NetworkFolder.writeConfig(folder.resolve(name), name, config);
            try (Network drawn = network.apply(drawn())) {
                save(folder, name, drawn);
            }
        }
    }

    private static void save(Path folder, String name, Network network) throws IOException {
        Path file = folder.resolve(name).resolve("model.safetensors");
        System.err.println("writing random weights to " + file);
        Files.createDirectories(file.getParent());
        Pretrained.save(file, network, Map.of("format", "pt"));
    }

    private static Parameters drawn() {
        return Parameters.drawn(Generator.seeded(0));
    }
}
