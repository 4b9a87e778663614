package dev.cloakproof.service.records;

import dev.cloakproof.platform.blob.Sha256;

/** Seeds for what a run leaves open. */
public final class Seeds {
    private Seeds() {}

    /** Always the same for a run and a purpose, so that a stage that is done again does the same. */
    public static long of(String run, String purpose) {
        return Long.parseUnsignedLong(Sha256.of(run + "\n" + purpose).substring(0, 16), 16);
    }
}
