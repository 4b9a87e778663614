package dev.cloakproof.service.packs;

import dev.cloakproof.tensor.pack.ModelPack;

/**
 * A pack whose files are what its manifest says.
 *
 * @param manifestSha256 of the manifest, 64 lower-case hexadecimal digits
 */
public record ServicePack(ModelPack pack, String manifestSha256) {
    public String name() {
        return pack.name();
    }
}
