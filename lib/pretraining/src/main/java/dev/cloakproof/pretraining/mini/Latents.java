package dev.cloakproof.pretraining.mini;

import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.pretraining.world.Degradation;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Latents of the album's pictures, made when first asked for. */
final class Latents {
    /** How a picture was made worse, and how much. */
    record Damage(Degradation how, double strength) {}

    /**
     * What a latent shows.
     *
     * @param damaged whether the picture was made worse first, in the way that {@link #damage} tells
     */
    record Subject(Album.Kind kind, int index, boolean damaged) {}

    private final Autoencoder autoencoder;
    private final Album album;
    private final double scale;
    private final Map<Subject, float[]> known = new HashMap<>();

    /** @param scale what latents are multiplied by */
    Latents(Autoencoder autoencoder, Album album, double scale) {
        this.autoencoder = autoencoder;
        this.album = album;
        this.scale = scale;
    }

    /** The same for the same picture. */
    static Damage damage(Subject subject) {
        SplittableRandom random = random(subject);
        return new Damage(Degradation.values()[random.nextInt(Degradation.values().length)], random.nextDouble());
    }

    private static SplittableRandom random(Subject subject) {
        return new SplittableRandom(subject.index * 31L + subject.kind.ordinal());
    }

    /** Scaled latents (batch, channels, h, w). */
    Tensor of(List<Subject> subjects) {
        encode(subjects.stream()
                .filter(subject -> !known.containsKey(subject))
                .distinct()
                .toList());
        List<Tensor> rows = new ArrayList<>();
        int side = album.size() / autoencoder.config().factor();
        try (var scope = Scope.open()) {
            for (Subject subject : subjects) {
                rows.add(Tensor.of(known.get(subject), autoencoder.config().latentChannels(), side, side));
            }
            return scope.keep(Tensor.stack(rows, 0));
        }
    }

    private void encode(List<Subject> subjects) {
        if (subjects.isEmpty()) {
            return;
        }
        Map<Subject, Picture> pictures = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            Picture picture = album.picture(subject.kind, subject.index);
            if (subject.damaged) {
                Damage damage = damage(subject);
                picture = damage.how.apply(picture, damage.strength, random(subject));
            }
            pictures.put(subject, picture);
        }
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor latents = autoencoder
                    .encode(PictureTensors.signed(List.copyOf(pictures.values())))
                    .mean()
                    .mul(scale);
            float[] all = latents.toFloats();
            int each = all.length / subjects.size();
            for (int i = 0; i < subjects.size(); i++) {
                known.put(subjects.get(i), Arrays.copyOfRange(all, i * each, (i + 1) * each));
            }
        }
    }
}
