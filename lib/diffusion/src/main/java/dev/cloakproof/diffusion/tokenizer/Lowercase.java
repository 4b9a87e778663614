package dev.cloakproof.diffusion.tokenizer;

/**
 * Lower case by Unicode's rules alone, as Python and Rust have it; Java's own looks for word boundaries around a sigma.
 */
final class Lowercase {
    private static final int CAPITAL_SIGMA = 'Σ';
    private static final int CAPITAL_I_WITH_DOT = 'İ';

    /** Case-ignorable by their word-break class (MidLetter, MidNumLet, Single_Quote). */
    private static final String IGNORABLE_SIGNS =
            "':.\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private Lowercase() {}

    /** Python's {@code str.lower}: a sigma that ends the word becomes a final one. */
    static String ofWord(String word) {
        return lower(word, true);
    }

    /** Letter by letter: every sigma is the plain one. */
    static String ofEachLetter(String text) {
        return lower(text, false);
    }

    private static String lower(String text, boolean finalSigma) {
        var result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            if (c == CAPITAL_SIGMA && finalSigma && casedBefore(text, i) && !casedFrom(text, end)) {
                result.append('ς');
            } else if (c == CAPITAL_I_WITH_DOT) {
                result.append("i\u0307");
            } else {
                result.appendCodePoint(Character.toLowerCase(c));
            }
            i = end;
        }
        return result.toString();
    }

    private static boolean casedBefore(String text, int end) {
        int i = end;
        while (i > 0) {
            int c = text.codePointBefore(i);
            if (!isIgnorable(c)) {
                return isCased(c);
            }
            i -= Character.charCount(c);
        }
        return false;
    }

    private static boolean casedFrom(String text, int start) {
        int i = start;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (!isIgnorable(c)) {
                return isCased(c);
            }
            i += Character.charCount(c);
        }
        return false;
    }

    private static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    private static boolean isIgnorable(int c) {
        return IGNORABLE_SIGNS.indexOf(c) >= 0
                || switch (Character.getType(c)) {
                    case Character.NON_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.FORMAT,
                            Character.MODIFIER_LETTER,
                            Character.MODIFIER_SYMBOL -> true;
                    default -> false;
                };
    }
}
