package dev.cloakproof.purifier.work;

import dev.cloakproof.purifier.purify.PurifierPack;
import dev.cloakproof.service.packs.InMemory;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.tensor.pack.Owned;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The networks of all installed packs, loaded at the start: no request waits for a disk. */
public final class LoadedPacks implements InMemory, AutoCloseable {
    private static final Set<String> COMPONENTS = Set.of("codeformer", "detector", "parser", "upscaler");

    private final Owned owned = new Owned();
    private final Packs packs;
    private final LoadedPack without;
    private final Map<String, LoadedPack> loaded = new TreeMap<>();

    public LoadedPacks(Packs packs) {
        this.packs = packs;
        Placement placement = new Placement(packs.dtype(), packs.device(), false);
        try {
            without = new LoadedPack(Optional.empty(), new MethodTable(new PurifierPack(null, placement).catalogue()));
            for (ServicePack pack : packs.all()) {
                var networks = owned.add(new PurifierPack(pack.pack(), placement));
                loaded.put(pack.name(), new LoadedPack(Optional.of(pack), new MethodTable(networks.catalogue())));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /**
     * @param name as asked for; empty for the default pack, or for the methods without weights if there is none
     * @throws dev.cloakproof.platform.errors.CloakproofException PACK_MISSING or PACK_DAMAGED
     */
    public LoadedPack find(String name) {
        return name.isEmpty() && packs.standard().isEmpty()
                ? without
                : loaded.get(packs.find(name).name());
    }

    /** The packs that can be asked for. */
    public Set<String> names() {
        return Collections.unmodifiableSet(loaded.keySet());
    }

    @Override
    public boolean loaded(String pack, String component) {
        return loaded.containsKey(pack) && COMPONENTS.contains(component);
    }

    @Override
    public void close() {
        owned.close();
    }
}
