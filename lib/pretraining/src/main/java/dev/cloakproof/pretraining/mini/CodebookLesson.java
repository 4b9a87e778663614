package dev.cloakproof.pretraining.mini;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.InPlace;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.vision.restore.CodeFormer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first of the restorer's three lessons (Zhou et al. 2022, stage I): good faces through a codebook and back. A code
 * that nothing chose for a while takes the place of a latent that it did not fit.
 */
final class CodebookLesson implements Lesson {
    private static final double COMMITMENT = 0.25;
    /** Steps between two looks at which codes are idle. */
    private static final int RENEWAL = 40;

    private final CodeFormer network;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Scope scope = Scope.unbound();
    private final Tensor chosen; // (codes): how often since the last look
    private final Tensor step; // (1)

    CodebookLesson(CodeFormer network, Album album, Plan plan, int batch) {
        this.network = network;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        network.parameters().all().forEach((name, tensor) -> {
            if (name.startsWith("encoder.") || name.startsWith("quantize.") || name.startsWith("generator.")) {
                parameters.put(name, tensor);
            }
        });
        try (var _ = Scope.open()) {
            chosen = scope.take(Tensor.zeros(network.config().codes()));
            step = scope.take(Tensor.zeros(1));
        }
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
    public Map<String, Tensor> buffers() {
        return Map.of("chosen", chosen, "step", step);
    }

    @Override
    public Outcome attempt(Draws draws) {
        List<Picture> faces = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            faces.add(AlignedFaces.of(
                    album.portrait(draws.below(Album.Kind.PORTRAIT.count())),
                    network.config().size()));
        }
        Tensor wanted = PictureTensors.signed(faces);
        CodeFormer.Encoded encoded = network.encode(wanted, false);
        Tensor latent = encoded.latent();
        Tensor indices = nearest(network, Autograd.detach(latent));
        renewIdle(Autograd.detach(latent), indices, draws);
        Tensor codes = network.codes(indices);
        // Straight through: the generator's gradient goes on to the encoder as if nothing had been rounded.
        Tensor rounded = latent.add(Autograd.detach(codes.sub(latent)));
        Tensor drawn = network.generate(rounded, encoded, 0);
        Tensor book = Functions.mse(codes, Autograd.detach(latent));
        Tensor commitment = Functions.mse(latent, Autograd.detach(codes));
        return new Outcome(
                PictureLoss.of(drawn, wanted).add(book).add(commitment, COMMITMENT),
                Map.of(
                        "psnr", PictureLoss.psnr(drawn, wanted),
                        "quantisation", book.item(),
                        "codes", (double) alive()));
    }

    /** The code nearest to each position of a latent map: (batch, positions). */
    static Tensor nearest(CodeFormer network, Tensor latent) {
        try (var scope = Scope.open();
                var _ = Autograd.pause()) {
            Tensor rows =
                    latent.permute(0, 2, 3, 1).reshape(latent.size(0), latent.size(2) * latent.size(3), latent.size(1));
            Tensor book = Autograd.detach(network.codebook());
            // |x - e|^2 without |x|^2, which is the same for all codes
            Tensor distance =
                    rows.matmul(book.transpose(0, 1)).mul(-2).add(book.square().sum(false, 1));
            return scope.keep(distance.neg().argmax(2));
        }
    }

    private void renewIdle(Tensor latent, Tensor indices, Draws draws) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            float[] counts = chosen.toFloats();
            for (long index : indices.toLongs()) {
                counts[(int) index]++;
            }
            long now = (long) step.item() + 1;
            if (now % RENEWAL == 0 && now < plan.steps() / 2) {
                int width = network.config().codeWidth();
                Tensor rows = latent.permute(0, 2, 3, 1).reshape(indices.elements(), width);
                float[] book = network.codebook().toFloats();
                float[] found = rows.toFloats();
                for (int code = 0; code < counts.length; code++) {
                    if (counts[code] == 0) {
                        int row = draws.below((int) indices.elements());
                        System.arraycopy(found, row * width, book, code * width, width);
                    }
                    counts[code] = 0;
                }
                InPlace.copy(network.codebook(), Tensor.of(book, counts.length, width));
            }
            InPlace.copy(chosen, Tensor.of(counts, counts.length));
            InPlace.copy(step, Tensor.of(new float[] {now}, 1));
        }
    }

    private int alive() {
        int alive = 0;
        for (float count : chosen.toFloats()) {
            alive += count > 0 ? 1 : 0;
        }
        return alive;
    }

    @Override
    public Picture sheet() {
        List<Picture> before = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            before.add(AlignedFaces.of(
                    Album.draw(Seeds.heldOut(i), i, album.size()),
                    network.config().size()));
        }
        try (var _ = Scope.open()) {
            CodeFormer.Encoded encoded = network.encode(PictureTensors.signed(before), false);
            Tensor codes = network.codes(nearest(network, encoded.latent()));
            return PortraitSheet.of(List.of(before, PictureTensors.ofSigned(network.generate(codes, encoded, 0))));
        }
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        network.save(folder, metadata);
    }

    @Override
    public void close() {
        network.close();
        scope.close();
    }
}
