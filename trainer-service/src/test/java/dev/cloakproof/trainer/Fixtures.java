package dev.cloakproof.trainer;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Pretrained;
import dev.cloakproof.tensor.optim.LearningRate;
import dev.cloakproof.trainer.train.CdlPrompts;
import dev.cloakproof.trainer.train.CheckpointSpec;
import dev.cloakproof.trainer.train.DiffusionModel;
import dev.cloakproof.trainer.train.OptimizerSpec;
import dev.cloakproof.trainer.train.PromptIds;
import dev.cloakproof.trainer.train.TrainingPictures;
import dev.cloakproof.trainer.train.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The tiny model, pictures, and what the Python loop made of them (src/test/python). */
public final class Fixtures {
    public static final int SIDE = 64;
    public static final CdlPrompts PROMPTS = CdlPrompts.paper("sks", "person");

    private static final Path ROOT =
            Path.of("src", "test", "resources", "fixtures").toAbsolutePath();

    static {
        // The networks are tiny: a second thread gains nothing, and waits for the first by spinning.
        Device.threads(1);
    }

    private Fixtures() {}

    public static Path folder(String name) {
        return ROOT.resolve(name);
    }

    /** An SD2-like checkpoint of 80,000 parameters. */
    public static Path modelFolder() {
        return Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-sd2")
                .toAbsolutePath()
                .normalize();
    }

    public static DiffusionModel model() {
        return DiffusionModel.load(modelFolder(), Device.CPU);
    }

    /** {@code case.safetensors} of a folder, in the current scope. */
    public static Map<String, Tensor> load(String name) {
        return Pretrained.tensors(folder(name).resolve("case.safetensors"));
    }

    public static List<Picture> pictures(String kind, int count) {
        return TrainingPictures.read(IntStream.range(0, count)
                .mapToObj(i -> folder("pictures").resolve(kind + "-" + i + ".png"))
                .toList());
    }

    /** 3 instance and 5 prior pictures, 64x64. */
    public static TrainingPictures pictures() {
        return TrainingPictures.framed(pictures("instance", 3), pictures("prior", 5), SIDE);
    }

    /** The model's own, for any text. */
    public static PromptIds plainTokenizer() {
        return PromptIds.of(ClipTokenizer.load(modelFolder().resolve("tokenizer")));
    }

    /** The ids that Python's tokenizer gave the two captions; other text is refused. */
    public static PromptIds tokenizer() {
        long[] ids;
        try (var _ = Scope.open()) {
            ids = load("dreambooth-full").get("ids").toLongs();
        }
        return caption -> {
            if (!List.of(PROMPTS.instance(), PROMPTS.prior()).contains(caption)) {
                throw new IllegalArgumentException("no ids for '" + caption + "'");
            }
            int from = caption.equals(PROMPTS.instance()) ? 0 : 77;
            return java.util.Arrays.copyOfRange(ids, from, from + 77);
        };
    }

    /** The settings of make_full() in make_training_fixtures.py. */
    public static TrainingSpec spec() {
        return TrainingSpec.paper(PROMPTS)
                .but()
                .resolution(SIDE)
                .learningRate(LearningRate.constant(2e-4, 20))
                .optimizer(OptimizerSpec.ADAMW)
                .priorCount(5)
                .compute(DType.F32)
                .recompute(false)
                .seed(7)
                .checkpoints(new CheckpointSpec(0, 2))
                .build();
    }
}
