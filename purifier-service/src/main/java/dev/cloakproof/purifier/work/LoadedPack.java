package dev.cloakproof.purifier.work;

import dev.cloakproof.service.packs.ServicePack;
import java.util.Optional;

/**
 * A pack in memory and the methods that it makes possible.
 *
 * @param pack empty where only methods without weights run
 */
public record LoadedPack(Optional<ServicePack> pack, MethodTable methods) {
    /** The pack's; empty without one. */
    public String name() {
        return pack.map(ServicePack::name).orElse("");
    }
}
