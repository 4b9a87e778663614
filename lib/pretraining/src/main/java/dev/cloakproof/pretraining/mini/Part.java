package dev.cloakproof.pretraining.mini;

import dev.cloakproof.pretraining.lesson.Lesson;
import java.util.Arrays;
import java.util.List;

/** What is trained, each after what it builds upon. */
public enum Part {
    AUTOENCODER("autoencoder", 3500, "pictures to latents of a fourth of the sides, and back"),
    TEXT_TO_IMAGE("text-to-image", 2600, "text encoder and UNet on these latents"),
    UPSCALER("upscaler", 4500, "text encoder and UNet that enlarge four times"),
    CODEBOOK("codebook", 1600, "the restorer's codebook and generator"),
    CODE_PREDICTION("code-prediction", 1200, "the restorer's encoder and transformer"),
    FUSION("restorer", 500, "what flows from a damaged face into the restored one"),
    DETECTOR("detector", 1600, "finds faces, and refuses ruined ones"),
    PARSER("parser", 700, "labels the parts of an aligned face"),
    ARCFACE("arcface", 1000, "tells people apart"),
    VGG_FACE("vggface", 1000, "tells people apart, in another way"),
    CLIP("clip", 4000, "pictures and sentences in one space, for CLIP-IQAC and LIQE"),
    LPIPS("lpips-alex", 500, "how different two pictures look"),
    PIXEL_DIFFUSION("pixel-diffusion", 1000, "takes noise from pixels, told by nothing else");

    private final String key;
    private final long steps;
    private final String description;

    Part(String key, long steps, String description) {
        this.key = key;
        this.steps = steps;
        this.description = description;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static Part of(String key) {
        return Arrays.stream(values())
                .filter(part -> part.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no component '" + key + "', only " + keys()));
    }

    private static List<String> keys() {
        return Arrays.stream(values()).map(Part::key).toList();
    }

    /** Its name in commands and its folder's. */
    public String key() {
        return key;
    }

    /** Steps of the recipe. */
    public long steps() {
        return steps;
    }

    public String description() {
        return description;
    }

    Lesson lesson(Parts parts, long steps) {
        return switch (this) {
            case AUTOENCODER -> parts.autoencoder(steps);
            case TEXT_TO_IMAGE -> parts.textToImage(steps);
            case UPSCALER -> parts.upscaler(steps);
            case CODEBOOK -> parts.codebook(steps);
            case CODE_PREDICTION -> parts.codePrediction(steps);
            case FUSION -> parts.fusion(steps);
            case DETECTOR, PARSER, ARCFACE, VGG_FACE, CLIP, LPIPS -> parts.perception(key, steps);
            case PIXEL_DIFFUSION -> parts.pixelDiffusion(steps);
        };
    }
}
