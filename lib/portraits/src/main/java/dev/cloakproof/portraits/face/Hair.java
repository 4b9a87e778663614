package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Dice;

/**
 * The hair of a head.
 *
 * @param style its cut
 * @param colour its colour
 * @param volume 0 (close to the head) to 1
 * @param hairline the height of its front line in head coordinates, where the style leaves the forehead free
 * @param parting from -1 (right of the person) to 1: where the hair falls apart
 */
public record Hair(Style style, HairColour colour, float volume, float hairline, float parting) {
    /** Cuts. */
    public enum Style {
        BALD("no hair"),
        BUZZ("buzz-cut"),
        SHORT("short"),
        SWEPT("side-parted"),
        FRINGE("fringed"),
        BOB("bobbed"),
        LONG("long straight"),
        WAVY("long wavy"),
        CURLY("curly"),
        AFRO("afro"),
        BUN("tied-up"),
        PONYTAIL("ponytailed"),
        MOHAWK("mohawk");

        private final String words;

        Style(String words) {
            this.words = words;
        }

        /** As a caption says it, before the colour and "hair"; "no hair" alone. */
        public String words() {
            return words;
        }
    }

    /** Colours, natural ones and some dyes. */
    public enum HairColour {
        BLACK("black", 0x1d1917),
        DARK_BROWN("dark brown", 0x3c281b),
        BROWN("brown", 0x6a452a),
        AUBURN("auburn", 0x7c3720),
        RED("red", 0xb8501f),
        BLOND("blond", 0xd3a95c),
        PLATINUM("platinum", 0xe9ddbd),
        GREY("grey", 0x93918f),
        WHITE("white", 0xe8e8ea),
        BLUE("blue", 0x2f5fb3),
        PINK("pink", 0xdc6fa0),
        GREEN("green", 0x3f8d55);

        private final String words;
        private final Colour colour;

        HairColour(String words, int rgb) {
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

    static Hair of(Dice dice) {
        return new Hair(
                dice.pick("style", Style.class),
                dice.pick("colour", HairColour.class),
                dice.unit("volume"),
                dice.between("hairline", 0.44f, 0.60f),
                dice.chance("left", 0.5f) ? dice.between("parting", -1, -0.4f) : dice.between("parting", 0.4f, 1));
    }
}
