package dev.cloakproof.pretraining.perception;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.face.Identity;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.vision.identity.FaceEmbedder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The people whom a recogniser learns to tell apart. Most are those of the album. The others come in groups of four who
 * share hair, beard, glasses and hat, so that these do not tell them apart and the face has to.
 */
final class Crowd {
    private static final int GROUP = 4;
    /** Pictures of each that tell where a person is. */
    private static final int ASKED = 2;

    private final Album album;
    private final int strangers;
    private final int alike;
    private final Map<Integer, Album.Portrait> drawn = new HashMap<>();

    /**
     * @param strangers people of the album
     * @param alike people of whom four each look alike; their pictures are kept in memory
     */
    Crowd(Album album, int strangers, int alike) {
        this.album = album;
        this.strangers = strangers;
        this.alike = alike;
    }

    int people() {
        return strangers + alike;
    }

    /** @param work 0 to {@link Album#WORKS} - 1 */
    Album.Portrait portrait(int person, int work) {
        if (person < strangers) {
            return album.portrait(person * Album.WORKS + work);
        }
        int picture = (person - strangers) * Album.WORKS + work;
        return drawn.computeIfAbsent(picture, _ -> {
            // Beyond the album's people, and beyond its works.
            long subject = Seeds.training(Album.Kind.PORTRAIT.subjects() + person - strangers);
            return Album.draw(lookalike(subject, GROUP), Album.Kind.PORTRAIT.count() + picture, album.size());
        });
    }

    /** The mean vector of some of every person's pictures, person by person. */
    float[] directions(FaceEmbedder embedder) {
        float[] all = null;
        for (int person = 0; person < people(); person++) {
            for (int work = 0; work < ASKED; work++) {
                Album.Portrait portrait = portrait(person, work);
                float[] vector = embedder.embed(portrait.picture(), Optional.of(RecognitionEvidence.face(portrait)));
                if (all == null) {
                    all = new float[people() * vector.length];
                }
                for (int i = 0; i < vector.length; i++) {
                    all[person * vector.length + i] += vector[i];
                }
            }
        }
        return all;
    }

    /** The person of a seed with what the first of the group of the seed wears. */
    static Identity lookalike(long seed, int group) {
        Identity face = Identity.of(seed);
        Identity worn = Identity.of(seed - seed % group);
        return new Identity(
                face.skull(),
                face.skin(),
                face.eyes(),
                face.brows(),
                face.nose(),
                face.mouth(),
                face.ears(),
                worn.hair(),
                worn.beard(),
                worn.glasses(),
                worn.hat());
    }
}
