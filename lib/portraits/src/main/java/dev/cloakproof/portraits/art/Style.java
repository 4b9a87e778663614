package dev.cloakproof.portraits.art;

/** Ways to make an artwork. */
public enum Style {
    GEOMETRIC("geometric shapes"),
    WAVES("waves"),
    LANDSCAPE("a landscape"),
    STILL_LIFE("a still life"),
    BLOBS("abstract blobs");

    private final String words;

    Style(String words) {
        this.words = words;
    }

    /** As a caption says it. */
    public String words() {
        return words;
    }
}
