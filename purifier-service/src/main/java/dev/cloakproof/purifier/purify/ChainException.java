package dev.cloakproof.purifier.purify;

/** A chain that cannot be understood or asks for what there is not. */
public final class ChainException extends RuntimeException {
    private final int position;

    ChainException(String chain, int position, String message) {
        super(message + ", at character " + (position + 1) + " of '" + chain + "'");
        this.position = position;
    }

    /** Where in the text, from 0. */
    public int position() {
        return position;
    }
}
