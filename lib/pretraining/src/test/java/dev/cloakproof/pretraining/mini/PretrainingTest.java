package dev.cloakproof.pretraining.mini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cloakproof.diffusion.guided.GuidedUNet;
import dev.cloakproof.diffusion.pipeline.StableDiffusion;
import dev.cloakproof.diffusion.pipeline.Upscaler;
import dev.cloakproof.pretraining.lesson.Course;
import dev.cloakproof.pretraining.lesson.Scale;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.vision.identity.VggFaceNetwork;
import dev.cloakproof.vision.restore.CodeFormer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every part of the pack, as small as its classes allow: later parts build upon the earlier ones. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PretrainingTest {
    private static final long STEPS = Pretraining.SMOKE_STEPS;
    private static final long SEED = 3;
    private static final Course.Listener NOBODY = (_, _, _, _) -> {};

    @TempDir
    static Path home;

    @TempDir
    static Path interrupted;

    @ParameterizedTest
    @EnumSource(Part.class)
    @Order(1)
    void everyPartLearns(Part part) throws IOException {
        List<Double> losses = new ArrayList<>();
        boolean finished =
                smoke(home).train(part, STEPS, () -> false, (_, _, _, parts) -> losses.add(parts.get("loss")));
        assertThat(finished).isTrue();
        // means of 20 steps each
        assertThat(losses).hasSize((int) STEPS / 20);
        assertThat(losses.getLast()).as("the loss in the end").isLessThan(losses.getFirst());
        assertThat(home.resolve(part.key()).resolve("sheet-%06d.png".formatted(STEPS)))
                .isNotEmptyFile();
    }

    @Test
    @Order(2)
    void thePartsLoadThroughTheSameCodeAsPublishedOnes() {
        Path pack = home.resolve("pack");
        StableDiffusion.load(pack.resolve(Part.TEXT_TO_IMAGE.key()), Placement.REFERENCE)
                .close();
        Upscaler.load(pack.resolve(Part.UPSCALER.key()), Placement.REFERENCE).close();
        CodeFormer.load(pack.resolve(Part.FUSION.key()), Placement.REFERENCE).close();
    }

    @Test
    @Order(2)
    void theSecondRecogniserBringsItsOwnThreshold() {
        Path folder = home.resolve("pack").resolve(Part.VGG_FACE.key());
        try (var network = VggFaceNetwork.load(folder, Placement.REFERENCE)) {
            assertThat(network.config().farthest()).isStrictlyBetween(0.0, 2.0).isNotEqualTo(0.40);
        }
    }

    @Test
    @Order(3)
    void finishedPartsBecomeAPackAndCardsStay(@TempDir Path packs) throws IOException {
        Path folder = packs.resolve("mini");
        MiniPack.assemble(home.resolve("pack"), folder, Scale.SMOKE);
        Files.writeString(folder.resolve("arcface/README.md"), "card");
        Files.writeString(folder.resolve("arcface/left-over.txt"), "");
        MiniPack.assemble(home.resolve("pack"), folder, Scale.SMOKE);
        ModelPack pack = ModelPack.open(folder);
        assertThat(pack.components()).hasSize(14);
        assertThat(pack.defaults("pictures")).containsEntry("side", 48.0);
        assertThat(folder.resolve("arcface/README.md")).hasContent("card");
        assertThat(folder.resolve("arcface/left-over.txt")).doesNotExist();
        for (String component : List.of("diffusion", "upscaler")) {
            String family = pack.components().get(component).family();
            StableDiffusion.load(pack.path(component, family), Placement.REFERENCE)
                    .close();
        }
        Path weights = folder.resolve("codeformer/model.safetensors");
        assertThat(Files.size(weights))
                .isLessThan(Files.size(home.resolve("pack/restorer/model.safetensors")) * 6 / 10);
        CodeFormer.load(pack.path("codeformer", "codeformer"), Placement.REFERENCE)
                .close();
        GuidedUNet.load(pack.path("pixel-diffusion", "guided-diffusion"), Placement.REFERENCE)
                .close();
    }

    @Test
    void aPackOfUnfinishedPartsNamesAllThatAreMissing(@TempDir Path nothing) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MiniPack.assemble(nothing, nothing.resolve("mini"), Scale.SMOKE))
                .withMessageContaining("text-to-image")
                .withMessageContaining("lpips-alex");
        assertThat(nothing.resolve("mini")).doesNotExist();
    }

    @Test
    @Order(3)
    void aTrainingThatWasStoppedEndsInTheSameBits() throws IOException {
        for (Part part : List.of(Part.AUTOENCODER, Part.CODEBOOK, Part.DETECTOR, Part.ARCFACE, Part.VGG_FACE)) {
            var left = new AtomicInteger(37);
            assertThat(smoke(interrupted).train(part, STEPS, () -> left.getAndDecrement() == 0, NOBODY))
                    .isFalse();
            assertThat(smoke(interrupted).train(part, STEPS, () -> false, NOBODY))
                    .isTrue();
            String state = part.key() + "/state.safetensors";
            assertThat(interrupted.resolve(state)).hasSameBinaryContentAs(home.resolve(state));
        }
    }

    @Test
    @Order(4)
    void aFolderWithTheStateOfAnotherLessonIsRefused() throws IOException {
        Path foreign = interrupted.resolve(Part.UPSCALER.key());
        Files.createDirectories(foreign);
        Files.copy(
                home.resolve(Part.CODEBOOK.key()).resolve("state.safetensors"), foreign.resolve("state.safetensors"));
        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> smoke(interrupted).train(Part.UPSCALER, STEPS, () -> false, NOBODY))
                .withMessageContaining("state of another lesson");
    }

    @Test
    void anUnknownPartIsNamedBesideThoseThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Part.of("vae"))
                .withMessageContaining("'vae'")
                .withMessageContaining("autoencoder");
    }

    private static Pretraining smoke(Path home) {
        return new Pretraining(home, Scale.SMOKE, SEED);
    }
}
