package dev.cloakproof.evaluator.work;

import dev.cloakproof.evaluator.evaluate.ScoringNetworks;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.tensor.nn.Placement;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The scoring networks of each pack, loaded once. */
@Singleton
public class PackNetworks {
    private final Packs packs;
    private final Map<String, ScoringNetworks> networks = new HashMap<>();

    PackNetworks(Packs packs) {
        this.packs = packs;
    }

    /**
     * The pack that a request names; empty if it names none and there is no default one, which leaves the scores without
     * weights.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException PACK_MISSING or PACK_DAMAGED
     */
    public Optional<ServicePack> find(String name) {
        return name.isEmpty() && packs.standard().isEmpty() ? Optional.empty() : Optional.of(packs.find(name));
    }

    /** Stay open as long as the service runs. */
    public synchronized ScoringNetworks of(Optional<ServicePack> pack) {
        return networks.computeIfAbsent(
                pack.map(ServicePack::name).orElse(""),
                _ -> new ScoringNetworks(
                        pack.map(ServicePack::pack), new Placement(packs.dtype(), packs.device(), false)));
    }

    @PreDestroy
    synchronized void close() {
        networks.values().forEach(ScoringNetworks::close);
    }
}
