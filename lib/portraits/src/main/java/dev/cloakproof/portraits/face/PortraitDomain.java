package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Domain;
import dev.cloakproof.tensor.image.Picture;
import java.util.Optional;

/** Photographs of people. */
public final class PortraitDomain implements Domain<Identity, Photograph> {
    @Override
    public String name() {
        return "portraits";
    }

    @Override
    public String classNoun() {
        return "person";
    }

    @Override
    public Identity subject(long seed) {
        return Identity.of(seed);
    }

    @Override
    public Photograph work(long seed) {
        return Photograph.of(seed);
    }

    @Override
    public Picture render(Identity identity, Photograph photograph, int size) {
        return PortraitRenderer.render(identity, photograph, size);
    }

    @Override
    public String caption(Identity identity, Photograph photograph, long phrasing, Optional<String> identifier) {
        return PortraitCaption.of(identity, photograph, phrasing, identifier);
    }
}
