package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Colour;

/** Colours of cloth: clothes, hats. */
public enum Dye {
    WHITE("white", 0xe4e2dc),
    BLACK("black", 0x26262a),
    GREY("grey", 0x85878b),
    RED("red", 0xb5303a),
    ORANGE("orange", 0xd9772b),
    YELLOW("yellow", 0xdcb63c),
    GREEN("green", 0x3c7f4e),
    TEAL("teal", 0x2c8488),
    BLUE("blue", 0x2f5ca8),
    PURPLE("purple", 0x6d4594);

    private final String words;
    private final Colour colour;

    Dye(String words, int rgb) {
        this.words = words;
        this.colour = Colour.of(rgb);
    }

    /** As a caption says it. */
    public String words() {
        return words;
    }

    Colour colour() {
        return colour;
    }
}
