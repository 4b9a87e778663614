package dev.cloakproof.service.packs;

import dev.cloakproof.tensor.pack.ModelPack;

/**
 * A pack whose files are what its manifest says.
 *
 * @param manifestSha256 of the manifest, 64 lower-case hexadecimal digits
 */
public record ServicePack(ModelPack pack, String manifestSha256) {
    /** What the published models work on. */
    private static final double PUBLISHED_SIDE = 512;

    public String name() {
        return pack.name();
    }

    /** Side of the square pictures that the pack works on, in pixels: what it says itself, or 512. */
    public int pictureSide() {
        return (int) Math.rint(pack.defaults("pictures").getOrDefault("side", PUBLISHED_SIDE));
    }
}
