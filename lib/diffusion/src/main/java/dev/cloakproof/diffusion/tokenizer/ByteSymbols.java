package dev.cloakproof.diffusion.tokenizer;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The printable stand-ins for bytes in vocabularies: printable Latin-1 bytes stand for themselves, the others, in order,
 * for the characters from U+0100 on. Source: openai/CLIP clip/simple_tokenizer.py, bytes_to_unicode.
 */
public final class ByteSymbols {
    /** What stands behind the last byte of a word. */
    public static final String END_OF_WORD = "</w>";

    private static final String[] SYMBOLS = new String[256];
    private static final Map<Character, Integer> BYTES = new HashMap<>();

    static {
        char next = 0x100;
        for (int b = 0; b < SYMBOLS.length; b++) {
            boolean printable = '!' <= b && b <= '~' || '¡' <= b && b <= '¬' || '®' <= b;
            char symbol = printable ? (char) b : next++;
            SYMBOLS[b] = String.valueOf(symbol);
            BYTES.put(symbol, b);
        }
    }

    private ByteSymbols() {}

    /** @param value 0 to 255 */
    public static String of(int value) {
        return SYMBOLS[value];
    }

    /** Appends the bytes that {@code symbols} stand for; what is no symbol is left out. */
    static void decode(String symbols, ByteArrayOutputStream bytes) {
        for (char symbol : symbols.toCharArray()) {
            Integer value = BYTES.get(symbol);
            if (value != null) {
                bytes.write(value);
            }
        }
    }
}
