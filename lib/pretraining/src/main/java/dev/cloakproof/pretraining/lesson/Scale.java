package dev.cloakproof.pretraining.lesson;

/** How large everything is. */
public enum Scale {
    /** The pack that ships. */
    MINI,
    /** As small as the classes allow, for finding out in a minute whether everything learns. */
    SMOKE
}
