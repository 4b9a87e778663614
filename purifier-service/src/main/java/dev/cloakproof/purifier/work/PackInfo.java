package dev.cloakproof.purifier.work;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.pack.ModelPack;
import java.util.Optional;

/**
 * Which networks there are and how they run.
 *
 * @param pack empty where only methods without weights run
 * @param sha256 of the pack's manifest; empty without a pack
 */
public record PackInfo(Optional<ModelPack> pack, String sha256, Device device, DType dtype) {
    public PackInfo(ModelPack pack, String sha256, Device device, DType dtype) {
        this(Optional.of(pack), sha256, device, dtype);
    }

    /** No pack. */
    public static PackInfo none(Device device, DType dtype) {
        return new PackInfo(Optional.empty(), "", device, dtype);
    }

    /** The pack's; empty without one. */
    public String name() {
        return pack.map(ModelPack::name).orElse("");
    }
}
