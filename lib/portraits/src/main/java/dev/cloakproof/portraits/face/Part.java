package dev.cloakproof.portraits.face;

/** What a pixel of a portrait shows; the ordinals are the values of a label map. */
public enum Part {
    BACKGROUND,
    /** The face, with nose and beard. */
    SKIN,
    HAIR,
    EYES,
    BROWS,
    MOUTH,
    GLASSES,
    HAT,
    CLOTHES,
    NECK,
    EARS
}
