package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Colour;
import java.util.Arrays;
import java.util.List;

/** The colours of an artist: the ground first, then four for shapes. */
public enum Palette {
    OCEAN("blue and teal", 0xdfeef0, 0x0b3c5d, 0x328cc1, 0x1d9a8a, 0x9fd8cb),
    SUNSET("orange and purple", 0xfbe3c8, 0x4b1d52, 0xa23e6b, 0xe8743b, 0xf6b042),
    FOREST("green and brown", 0xeee9d5, 0x27402b, 0x57803a, 0x8a5a32, 0xb9b164),
    CANDY("pink and turquoise", 0xfff2f4, 0xd6457d, 0xf49ac1, 0x2bb6b1, 0x7a4fa0),
    EARTH("ochre and rust", 0xf2e6d0, 0x5c2a1a, 0xa8482a, 0xcf8e3a, 0x7a6a55),
    INK("black and white", 0xf4f4f1, 0x161616, 0x4c4c4c, 0x8a8a8a, 0xc2c2c2),
    PRIMARY("red, yellow and blue", 0xf7f3e6, 0xc4212a, 0xf0c419, 0x1f4ea1, 0x1a1a1a),
    NIGHT("indigo and gold", 0x1b1d3c, 0xd9a93b, 0x3f4a8c, 0x7f6bb0, 0xf0dca0);

    private final String words;
    private final List<Colour> colours;

    Palette(String words, Integer... rgb) {
        this.words = words;
        this.colours = Arrays.stream(rgb).map(Colour::of).toList();
    }

    /** As a caption says it. */
    public String words() {
        return words;
    }

    Colour ground() {
        return colours.getFirst();
    }

    /** One of the four colours of shapes, counted round and round. */
    Colour ink(int n) {
        return colours.get(1 + Math.floorMod(n, colours.size() - 1));
    }
}
