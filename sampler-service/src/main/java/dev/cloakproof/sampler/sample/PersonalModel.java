package dev.cloakproof.sampler.sample;

import dev.cloakproof.diffusion.pipeline.LoraWeights;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.Owned;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model to draw with: a pack's base, a whole personalised model, or the base with low-rank adapters. Owns its networks. */
public final class PersonalModel implements AutoCloseable {
    private final Owned owned = new Owned();
    private final StableDiffusion model;

    private PersonalModel(Path folder, Placement placement) {
        model = owned.add(StableDiffusion.load(folder, placement));
    }

    /** The pack's own model. */
    public static PersonalModel base(Path base, Placement placement) {
        return new PersonalModel(base, placement);
    }

    /**
     * What a training left.
     *
     * @param base the folder of the model that training began with
     * @param trained a whole model's folder, or one with {@value LoraWeights#FILE}
     * @throws IllegalArgumentException if it is neither, or its adapters are of another model
     */
    public static PersonalModel of(Path base, Path trained, Placement placement) {
        if (Files.isDirectory(trained.resolve("unet"))) {
            return new PersonalModel(trained, placement);
        }
        Path lora = trained.resolve(LoraWeights.FILE);
        if (!Files.isRegularFile(lora)) {
            throw new IllegalArgumentException("expected a personalised model with a folder unet or a file "
                    + LoraWeights.FILE + ", found neither");
        }
        var model = new PersonalModel(base, placement);
        try {
            model.owned.add(LoraWeights.load(lora, model.model));
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    StableDiffusion networks() {
        return model;
    }

    @Override
    public void close() {
        owned.close();
    }
}
