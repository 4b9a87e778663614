package dev.cloakproof.service.config;

import dev.cloakproof.tensor.DType;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.util.Optional;

/** The model packs, and how their networks run. */
@ConfigMapping(prefix = "cloakproof.packs")
public interface PacksConfig {
    /** Folder of packs: each folder in it that has a manifest is one. Absent: there are none. */
    Optional<Path> folder();

    /** Name of the pack for requests that name none. Absent: the pack, where there is exactly one. */
    @WithName("default")
    Optional<String> standard();

    /** Where the networks run: {@code auto}, {@code cpu} or {@code gpu:n}. */
    @WithDefault("cpu")
    String device();

    /** Arithmetic of networks that are not trained: {@code F32}, {@code BF16} or {@code F16}. */
    @WithDefault("F32")
    DType dtype();
}
