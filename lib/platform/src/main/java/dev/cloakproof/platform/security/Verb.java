package dev.cloakproof.platform.security;

import java.util.Locale;

/** What a caller can do. Each verb needs a role of its own, so that a token may carry exactly what its holder does. */
public enum Verb {
    /** Purify pictures in a call. */
    PURIFY,
    /** Upload pictures and so begin a run. */
    UPLOAD,
    /** Personalise a model. */
    TRAIN,
    /** Protect pictures. */
    PROTECT,
    /** Draw pictures. */
    SAMPLE,
    /** Score pictures. */
    EVALUATE,
    /** Look at runs, trainings, protections, packs and methods. */
    VIEW,
    /** Stop work that runs. */
    CANCEL,
    /** Delete a run or everything of a subject. */
    DELETE,
    /** Look at dead letters and replay them. */
    OPERATE;

    /** The role that this verb needs, such as {@code cloakproof-purify}. */
    public String role() {
        return "cloakproof-" + name().toLowerCase(Locale.ROOT);
    }
}
