package dev.cloakproof.pretraining.mini;

import dev.cloakproof.pretraining.lesson.HalfPrecision;
import dev.cloakproof.pretraining.lesson.Scale;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.pack.PackWriter;
import dev.cloakproof.tensor.weights.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Puts finished parts together to the pack that ships. */
public final class MiniPack {
    private static final String NAME = "mini";
    /** All of it is ours, under the repository's own terms. */
    private static final String LICENCE = "LicenseRef-Cloakproof";

    private static final String WEIGHTS = ".safetensors";
    /** A component's model card, written by hand. */
    private static final String CARD = "README.md";

    /**
     * What users of a pack ask for by name.
     *
     * @param part the folder of the finished part
     * @param folder where it lies in the pack
     */
    private record Component(String name, String family, String part, String folder) {
        Component(String name, String family, Part part) {
            this(name, family, part.key(), name);
        }
    }

    private static final List<Component> COMPONENTS = List.of(
            new Component("tokenizer", "clip-tokenizer", "tokenizer", "tokenizer"),
            new Component("diffusion", "stable-diffusion", Part.TEXT_TO_IMAGE),
            new Component("upscaler", "x4-upscaler", Part.UPSCALER),
            new Component("codeformer", "codeformer", Part.FUSION),
            new Component("detector", "retinaface", Part.DETECTOR),
            new Component("face-detector", "retinaface", Part.DETECTOR.key(), "detector"),
            new Component("parser", "parsenet", Part.PARSER),
            new Component("arcface", "iresnet", Part.ARCFACE),
            new Component("vggface", "vgg-face", Part.VGG_FACE),
            new Component("clip", "clip", Part.CLIP),
            new Component("liqe", "liqe", Part.CLIP.key(), "clip"),
            new Component("lpips-alex", "lpips", Part.LPIPS),
            new Component("lpips-alex-trunk", "lpips-trunk", "lpips-alex-trunk", "lpips-alex-trunk"),
            new Component("pixel-diffusion", "guided-diffusion", Part.PIXEL_DIFFUSION));

    private MiniPack() {}

    /**
     * @param parts the folder of finished parts
     * @param pack is written to; model cards ({@value #CARD}) that lie there stay
     * @throws IllegalArgumentException if parts are missing
     */
    public static void assemble(Path parts, Path pack, Scale scale) throws IOException {
        List<String> missing = COMPONENTS.stream()
                .map(Component::part)
                .filter(part -> !Files.isDirectory(parts.resolve(part)))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("not trained yet, or not in " + parts + ": " + missing);
        }
        Set<String> stored = new HashSet<>(); // two components may lie in one folder
        PackWriter writer = new PackWriter(pack, NAME);
        for (Component component : COMPONENTS) {
            if (stored.add(component.folder)) {
                store(parts.resolve(component.part).toRealPath(), pack.resolve(component.folder));
            }
            writer.component(component.name, component.family, component.folder, LICENCE);
        }
        writer.defaults("pictures", Map.of("side", (double) Shapes.of(scale).side()))
                .defaults(
                        "training",
                        // The optimizer in 8 bits and recomputation save memory that networks this small do not need.
                        Map.of(
                                "steps", 200.0,
                                "learning_rate", 5e-4,
                                "batch_size", 4.0,
                                "class_pictures", 32.0,
                                "eight_bit", 0.0,
                                "recompute", 0.0))
                .defaults(
                        "sampling",
                        // Asked with the suffix, models this small draw somebody else (docs/mini-pack.md).
                        Map.of(
                                "steps", 25.0,
                                "guidance_scale", 3.0,
                                "pictures_per_prompt", 4.0,
                                "decoupling", 0.0))
                .defaults("sr", Map.of("steps", 20.0, "guidance", 1.0))
                .write();
    }

    private static void store(Path part, Path folder) throws IOException {
        clear(folder);
        try (Stream<Path> all = Files.walk(part)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                Path target = folder.resolve(part.relativize(file).toString());
                Files.createDirectories(target.getParent());
                if (file.toString().endsWith(WEIGHTS)) {
                    halve(file, target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** What an earlier pack left. */
    private static void clear(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith(CARD)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void halve(Path file, Path target) throws IOException {
        Map<String, String> metadata;
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            metadata = checkpoint.metadata();
        }
        try (var _ = Scope.open()) {
            HalfPrecision.save(target, Pretrained.tensors(file), metadata);
        }
    }
}
