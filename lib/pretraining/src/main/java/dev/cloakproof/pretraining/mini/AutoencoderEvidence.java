package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.art.ArtworkDomain;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.vision.perceptual.Psnr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How much of a picture comes back from its latents, on subjects that nothing trained on: means of the pictures' own
 * peak signal-to-noise ratios, in decibels.
 */
record AutoencoderEvidence(double portraits, double artworks) {
    private static final int BATCH = 16;

    /** @param count pictures of each domain, one of each subject */
    static AutoencoderEvidence of(Autoencoder network, int count, int side) {
        var art = new ArtworkDomain();
        List<Picture> portraits = new ArrayList<>();
        List<Picture> artworks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            portraits.add(Album.draw(Seeds.heldOut(i), Seeds.heldOut(i), side).picture());
            artworks.add(art.render(Seeds.heldOut(i), Seeds.heldOut(i), side));
        }
        return new AutoencoderEvidence(mean(network, portraits), mean(network, artworks));
    }

    private static double mean(Autoencoder network, List<Picture> pictures) {
        List<Double> found = new ArrayList<>();
        for (int at = 0; at < pictures.size(); at += BATCH) {
            List<Picture> some = pictures.subList(at, Math.min(at + BATCH, pictures.size()));
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                List<Picture> back = PictureTensors.ofSigned(network.decode(
                        network.encode(PictureTensors.signed(some)).mean()));
                for (int i = 0; i < some.size(); i++) {
                    found.add(Psnr.of(some.get(i), back.get(i)));
                }
            }
        }
        return average(found);
    }

    private static double average(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
