package dev.cloakproof.portraits.face;

import java.util.Objects;

/** What every pixel of a square portrait shows. Immutable. */
public final class LabelMap {
    private static final Part[] PARTS = Part.values();

    private final int size;
    private final byte[] parts;

    LabelMap(int size, byte[] parts) {
        this.size = size;
        this.parts = parts;
    }

    /** The side in pixels. */
    public int size() {
        return size;
    }

    /**
     * The part at a pixel.
     *
     * @throws IndexOutOfBoundsException if there is no such pixel
     */
    public Part at(int x, int y) {
        Objects.checkIndex(x, size);
        Objects.checkIndex(y, size);
        return PARTS[parts[y * size + x]];
    }

    /** A copy of the ordinals of {@link Part}: size * size, in rows from the top. */
    public byte[] ordinals() {
        return parts.clone();
    }
}
