package dev.cloakproof.purifier.purify;

import java.util.Locale;

/** Whose numbers fill what a caller leaves out, where the paper and its released code differ. */
public enum Preset {
    /** What the paper says. */
    PAPER,
    /** What the released code does. */
    OFFICIAL,
    /** What the method's own authors do where the paper has other numbers, and the paper's numbers elsewhere. */
    CORRECTED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
