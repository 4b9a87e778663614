package dev.cloakproof.service.packs;

import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.telemetry.ServiceMetrics;
import dev.cloakproof.service.config.PacksConfig;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.pack.PackException;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The model packs that are installed. All files are checked at the start. A damaged pack is not used and stays known as
 * damaged, so that a request for it is told so; if it is the default one, the service does not start.
 */
@Startup
@Singleton
public class Packs {
    private final Map<String, ServicePack> whole = new TreeMap<>();
    private final Map<String, String> damaged = new TreeMap<>();
    private final Optional<String> standard;
    private final Device device;
    private final DType dtype;

    Packs(
            PacksConfig config,
            ServiceMetrics metrics,
            @ConfigProperty(name = "quarkus.application.version") String version)
            throws IOException {
        device = Device.of(config.device());
        dtype = config.dtype();
        if (config.folder().isPresent()) {
            for (Path folder : folders(config.folder().get())) {
                open(folder);
            }
        }
        standard = config.standard()
                .or(() -> whole.size() == 1 ? whole.keySet().stream().findFirst() : Optional.empty());
        standard.ifPresent(this::find);
        Optional<ServicePack> pack = standard.map(whole::get);
        metrics.describe(
                version,
                standard.orElse(""),
                pack.map(ServicePack::manifestSha256).orElse(""));
    }

    private static List<Path> folders(Path root) throws IOException {
        try (Stream<Path> inside = Files.list(root)) {
            return inside.filter(folder -> Files.isRegularFile(folder.resolve(ModelPack.MANIFEST)))
                    .sorted()
                    .toList();
        }
    }

    private void open(Path folder) throws IOException {
        try {
            ModelPack pack = ModelPack.open(folder);
            String sha256 = ModelPack.sha256(folder.resolve(ModelPack.MANIFEST));
            ServicePack twin = whole.put(pack.name(), new ServicePack(pack, sha256));
            if (twin != null) {
                throw new IllegalArgumentException(
                        "expected packs of different names, found two of the name '" + pack.name() + "'");
            }
        } catch (PackException e) {
            damaged.put(folder.getFileName().toString(), e.getMessage());
        }
    }

    /**
     * The pack that a request names.
     *
     * @param name as asked for; empty for the default pack
     * @throws dev.cloakproof.platform.errors.CloakproofException PACK_MISSING or PACK_DAMAGED
     */
    public ServicePack find(String name) {
        String wanted = name.isEmpty()
                ? standard.orElseThrow(() -> missing("expected the name of a pack, for there is no default one", "")
                        .exception())
                : name;
        ServicePack found = whole.get(wanted);
        if (found == null && damaged.containsKey(wanted)) {
            throw Reason.PACK_DAMAGED
                    .problem(damaged.get(wanted))
                    .with("pack", wanted)
                    .exception();
        }
        if (found == null) {
            throw missing("expected one of the packs " + whole.keySet() + ", found '" + wanted + "'", wanted)
                    .exception();
        }
        return found;
    }

    private static Problem missing(String message, String name) {
        return Reason.PACK_MISSING.problem(message).with("pack", name).at("pack", "a pack of ListPacks");
    }

    /** Packs that can be used, by name. */
    public Collection<ServicePack> all() {
        return new ArrayList<>(whole.values());
    }

    /** Packs that cannot, by the name of their folder, with what is wrong. */
    public Map<String, String> damaged() {
        return Collections.unmodifiableMap(damaged);
    }

    /** Name of the pack for requests that name none, if there is one. */
    public Optional<String> standard() {
        return standard;
    }

    /** Where networks run. */
    public Device device() {
        return device;
    }

    /** Arithmetic of networks that are not trained. */
    public DType dtype() {
        return dtype;
    }
}
