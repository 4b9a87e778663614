package dev.cloakproof.pretraining.mini;

import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.restore.CodeFormer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last of the restorer's lessons (Zhou et al. 2022, stage III): what may flow from the damaged face's features into
 * the generator, by fidelities from 0.3 to 1. All else stays as it is.
 */
final class FusionLesson implements Lesson {
    private static final String FUSION = "fuse_convs_dict.";

    private final CodeFormer network;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();

    FusionLesson(CodeFormer network, Album album, Plan plan, int batch) {
        this.network = network;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        network.parameters().all().forEach((name, tensor) -> {
            if (name.startsWith(FUSION)) {
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
        double fidelity = draws.between(0.3, 1);
        Tensor drawn =
                network.restore(faces.damaged(), fidelity, draws.chance(0.5)).face();
        return new Outcome(
                PictureLoss.of(drawn, faces.good()),
                Map.of(
                        "psnr", PictureLoss.psnr(drawn, faces.good()),
                        "before", PictureLoss.psnr(faces.damaged(), faces.good())));
    }

    @Override
    public Picture sheet() {
        return RestorationSheet.of(network, album.size(), 0.5);
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        network.save(folder, metadata);
    }

    @Override
    public void close() {
        network.close();
    }
}
