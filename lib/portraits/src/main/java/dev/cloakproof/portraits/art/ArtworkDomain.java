package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Caption;
import dev.cloakproof.portraits.Dice;
import dev.cloakproof.portraits.Domain;
import dev.cloakproof.tensor.image.Picture;
import java.util.Optional;

/** Artworks in the styles of artists. */
public final class ArtworkDomain implements Domain<Artist, Artwork> {
    @Override
    public String name() {
        return "artworks";
    }

    @Override
    public String classNoun() {
        return "artwork";
    }

    @Override
    public Artist subject(long seed) {
        return Artist.of(seed);
    }

    @Override
    public Artwork work(long seed) {
        return Artwork.of(seed);
    }

    @Override
    public Picture render(Artist artist, Artwork work, int size) {
        return ArtworkRenderer.render(artist, work, size);
    }

    @Override
    public String caption(Artist artist, Artwork work, long phrasing, Optional<String> identifier) {
        var caption = new Caption(Dice.of(phrasing, "artwork caption"), "photo", classNoun(), identifier);
        caption.maybe(artist.style().words());
        caption.maybe("dark outlines", artist.outline() > 0);
        caption.maybe("visible brush strokes", artist.strokes() > 0);
        caption.also("in " + artist.palette().words());
        boolean arranged = artist.style() == Style.GEOMETRIC || artist.style() == Style.BLOBS;
        caption.also(arranged ? work.arrangement().words() : "");
        return caption.words();
    }
}
