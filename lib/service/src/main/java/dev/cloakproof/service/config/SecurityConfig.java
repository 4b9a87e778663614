package dev.cloakproof.service.config;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Who may call, and where it is written down. */
@ConfigMapping(prefix = "cloakproof.security")
public interface SecurityConfig {
    /**
     * File of callers and their roles, as {@code Callers} describes it. Absent: everybody who reaches the server may do
     * everything, and the server must listen on loopback only.
     */
    Optional<Path> callers();

    /** Folder of the audit log. Absent: {@code audit} in the folder of the store, which then has to be one on files. */
    Optional<Path> audit();
}
