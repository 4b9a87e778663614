package dev.cloakproof.pretraining.mini;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.vision.restore.CodeFormer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Faces that nothing trained on: good, damaged, restored. */
final class RestorationSheet {
    private RestorationSheet() {}

    static Picture of(CodeFormer network, int size, double fidelity) {
        List<Picture> good = new ArrayList<>();
        List<Picture> damaged = new ArrayList<>();
        Degradation[] kinds = Degradation.values();
        for (int i = 0; i < 10; i++) {
            good.add(AlignedFaces.of(
                    Album.draw(Seeds.heldOut(i), i, size), network.config().size()));
            damaged.add(kinds[i % kinds.length].apply(good.getLast(), 0.4, new SplittableRandom(i)));
        }
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            List<Picture> restored =
                    PictureTensors.ofSigned(network.restore(PictureTensors.signed(damaged), fidelity, true)
                            .face());
            return PortraitSheet.of(List.of(good, damaged, restored));
        }
    }
}
