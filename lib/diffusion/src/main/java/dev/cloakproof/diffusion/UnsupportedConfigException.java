package dev.cloakproof.diffusion;

/** A model's or scheduler's configuration that is broken or asks for what is not built here. */
public final class UnsupportedConfigException extends RuntimeException {
    /** @param where the file */
    public UnsupportedConfigException(String where, String key, Object expected, Object found) {
        super(where + ": '" + key + "': expected " + expected + ", found " + found);
    }

    public UnsupportedConfigException(String where, String problem, Throwable cause) {
        super(where + ": " + problem, cause);
    }
}
