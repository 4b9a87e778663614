package dev.cloakproof.pretraining.mini;

import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Aligned faces, bad and good.
 *
 * @param damaged (batch, 3, size, size), -1 to 1, after one to three degradations
 * @param good the same faces before
 */
record DamagedFaces(Tensor damaged, Tensor good) {
    private static final double STRONGEST = 0.6;

    static DamagedFaces draw(Album album, int size, int batch, Draws draws) {
        List<Picture> good = new ArrayList<>();
        List<Picture> damaged = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            Album.Portrait portrait = album.portrait(draws.below(Album.Kind.PORTRAIT.count()));
            good.add(AlignedFaces.of(portrait, size));
            damaged.add(damaged(good.getLast(), draws));
        }
        return new DamagedFaces(PictureTensors.signed(damaged), PictureTensors.signed(good));
    }

    static Picture damaged(Picture face, Draws draws) {
        Picture worse = face;
        int kinds = Degradation.values().length;
        for (int times = 1 + draws.below(3); times > 0; times--) {
            worse = Degradation.values()[draws.below(kinds)].apply(worse, draws.between(0, STRONGEST), draws.numbers());
        }
        return worse;
    }
}
