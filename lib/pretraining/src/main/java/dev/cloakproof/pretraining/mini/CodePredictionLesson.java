package dev.cloakproof.pretraining.mini;

import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.restore.CodeFormer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The second of the restorer's lessons (Zhou et al. 2022, stage II): encoder and transformer learn to tell, from a
 * damaged face, the codes of the good one. Codebook and generator stay as they are.
 */
final class CodePredictionLesson implements Lesson {
    private static final double LATENTS = 0.5;
    private static final double TINY = 1e-9;

    private final CodeFormer network;
    private final CodeFormer teacher;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();

    /**
     * @param network what learns, with codebook and generator of the first lesson
     * @param teacher what the first lesson left, for the codes of good faces; both are the lesson's from now on
     */
    CodePredictionLesson(CodeFormer network, CodeFormer teacher, Album album, Plan plan, int batch) {
        this.network = network;
        this.teacher = teacher;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        network.parameters().all().forEach((name, tensor) -> {
            if (!name.startsWith("quantize.") && !name.startsWith("generator.") && !name.startsWith("fuse_")) {
                parameters.put(name, tensor);
            }
        });
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Outcome attempt(Draws draws) {
        DamagedFaces faces = DamagedFaces.draw(album, network.config().size(), batch, draws);
        Tensor indices = codesOf(faces.good()); // (batch, positions)
        Tensor latent = network.encode(faces.damaged(), false).latent();
        Tensor logits = network.logits(latent); // (batch, positions, codes)
        Tensor wanted = Autograd.detach(network.codes(indices));
        Tensor surprise = surprise(logits, indices);
        Tensor apart = Functions.mse(latent, wanted);
        return new Outcome(
                surprise.add(apart, LATENTS), Map.of("right", right(logits, indices), "surprise", surprise.item()));
    }

    private Tensor codesOf(Tensor good) {
        try (var scope = Scope.open();
                var _ = Autograd.pause()) {
            return scope.keep(
                    CodebookLesson.nearest(teacher, teacher.encode(good, false).latent()));
        }
    }

    /** The mean of -log p(index). */
    static Tensor surprise(Tensor logits, Tensor indices) {
        long[] rows = indices.toLongs();
        int codes = (int) logits.size(2);
        float[] hot = new float[rows.length * codes];
        for (int i = 0; i < rows.length; i++) {
            hot[i * codes + (int) rows[i]] = 1;
        }
        Tensor chosen = Functions.softmax(logits, 2)
                .mul(Tensor.of(hot, logits.size(0), logits.size(1), codes))
                .sum(false, 2);
        return chosen.add(TINY).log().mean().neg();
    }

    private static double right(Tensor logits, Tensor indices) {
        long[] told = logits.argmax(2).toLongs();
        long[] true_ = indices.toLongs();
        int same = 0;
        for (int i = 0; i < told.length; i++) {
            same += told[i] == true_[i] ? 1 : 0;
        }
        return (double) same / told.length;
    }

    @Override
    public Picture sheet() {
        return RestorationSheet.of(network, album.size(), 0);
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        network.save(folder, metadata);
    }

    @Override
    public void close() {
        network.close();
        teacher.close();
    }
}
