package dev.cloakproof.diffusion.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How text is cleaned and cut into words. Both give the same words for ordinary text; they differ on control and format
 * characters, ideographs, the final sigma, and special tokens written in capitals.
 */
public enum TextCleaning {
    /**
     * The slow CLIPTokenizer of transformers 4 without ftfy, which the published training code loads. It drops unassigned
     * characters; those assigned between Python's version of Unicode (14 in 3.11) and Java's are kept here.
     *
     * <p>Source: models/clip/tokenization_clip.py.
     */
    SLOW {
        @Override
        String clean(String text) {
            var kept = new StringBuilder(text.length());
            text.codePoints().forEach(c -> {
                if (isSpace(c)) {
                    kept.append(' ');
                } else if (isDropped(c)) {
                    return;
                } else if (isIdeograph(c)) {
                    kept.append(' ').appendCodePoint(c).append(' ');
                } else {
                    kept.appendCodePoint(c);
                }
            });
            var cleaned = new StringBuilder(kept.length());
            for (String word : BETWEEN_WORDS.split(composed(kept.toString()))) {
                cleaned.append(Lowercase.ofWord(word)).append(' ');
            }
            return cleaned.toString();
        }

        @Override
        void words(String cleaned, Consumer<String> each) {
            forEach(SLOW_WORD, cleaned, each);
        }
    },
    /**
     * The fast CLIPTokenizer, the only one of transformers 5.
     *
     * <p>Source: convert_slow_tokenizer.py (CLIPConverter) and
     * models/clip/tokenization_clip.py of transformers 5.
     */
    FAST {
        @Override
        String clean(String text) {
            return Lowercase.ofEachLetter(SPACES.matcher(composed(text)).replaceAll(" "));
        }

        @Override
        void words(String cleaned, Consumer<String> each) {
            forEach(FAST_WORD, cleaned, word -> {
                if (SPECIAL.contains(word)) {
                    // A second pattern cuts at letters; all other words are of one kind.
                    forEach(LETTERS_OR_SIGNS, word, each);
                } else {
                    each.accept(word);
                }
            });
        }
    };

    private static final Set<String> SPECIAL = Set.of("<|startoftext|>", "<|endoftext|>");

    private static final String SPECIAL_OR_CONTRACTION =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d";
    private static final String LETTERS_OR_DIGIT = "\\p{L}++|\\p{N}";

    /** U+0345 is neither: the Python pattern ignores case, and the capital of this mark is a letter. */
    private static final Pattern SLOW_WORD = Pattern.compile(
            "(?iu:" + SPECIAL_OR_CONTRACTION + ")|" + LETTERS_OR_DIGIT + "|[^\\p{IsWhite_Space}\\p{L}\\p{N}\\u0345]++");

    private static final Pattern FAST_WORD =
            Pattern.compile(SPECIAL_OR_CONTRACTION + "|" + LETTERS_OR_DIGIT + "|[^\\p{IsWhite_Space}\\p{L}\\p{N}]++");
    private static final Pattern LETTERS_OR_SIGNS = Pattern.compile("\\p{L}++|\\P{L}++");
    private static final Pattern SPACES = Pattern.compile("\\p{IsWhite_Space}++");

    /** What may be left after every other space became U+0020. */
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[ \\u2028\\u2029]++");

    private static final int MAX_MARKS = 1000;

    /** Text without special tokens, in lower case. */
    abstract String clean(String text);

    /** Cuts cleaned text into words, leaving the spaces out. */
    abstract void words(String cleaned, Consumer<String> each);

    /** The words of a text as they are cut for byte pairs, spaces left out. */
    public List<String> words(String text) {
        List<String> words = new ArrayList<>();
        words(clean(text), words::add);
        return words;
    }

    /** Whether a word of {@link #words} is a token of its own: the slow tokenizer finds capital special tokens here. */
    boolean keepsWhole(String word) {
        return this == SLOW && SPECIAL.contains(word);
    }

    private static void forEach(Pattern pattern, String text, Consumer<String> each) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            each.accept(matcher.group());
        }
    }

    /**
     * Normalization form C. It sorts a run of combining marks in quadratic time, so that longer runs than any language has
     * are taken in parts.
     */
    private static String composed(String text) {
        var result = new StringBuilder(text.length());
        int start = 0;
        int marks = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            marks = isMark(text.codePointAt(i)) ? marks + 1 : 0;
            if (marks == MAX_MARKS) {
                result.append(Normalizer.normalize(text.substring(start, i), Normalizer.Form.NFC));
                start = i;
                marks = 0;
            }
        }
        return result.append(Normalizer.normalize(text.substring(start), Normalizer.Form.NFC))
                .toString();
    }

    private static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isSpace(int c) {
        return c == '\t' || c == '\n' || c == '\r' || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    /** Category C (control, format, surrogate, private use, unassigned) and the replacement character. */
    private static boolean isDropped(int c) {
        return c == 0xFFFD
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED -> true;
                    default -> false;
                };
    }

    private static boolean isIdeograph(int c) {
        return 0x4E00 <= c && c <= 0x9FFF
                || 0x3400 <= c && c <= 0x4DBF
                || 0x20000 <= c && c <= 0x2A6DF
                || 0x2A700 <= c && c <= 0x2B73F
                || 0x2B740 <= c && c <= 0x2B81F
                || 0x2B820 <= c && c <= 0x2CEAF
                || 0xF900 <= c && c <= 0xFAFF
                || 0x2F800 <= c && c <= 0x2FA1F;
    }
}
