package dev.cloakproof.diffusion.tokenizer;

import dev.cloakproof.diffusion.UnsupportedConfigException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * CLIP's byte-pair encoding with the vocabulary of a checkpoint's {@code tokenizer} folder. Immutable, shared by
 * threads; time grows as n log n with the text, so that a long or hostile one holds nobody up.
 *
 * <p>A prompt becomes {@value #LENGTH} ids: begin of text, up to 75 tokens, end of text, padding. Stable Diffusion 1 pads
 * with end of text, 2 with "!", which makes every "!" of a prompt that special token, id 0.
 *
 * <p>Source: Radford et al. 2021, section 2.4; the tokenizers named at {@link TextCleaning}.
 */
public final class ClipTokenizer {
    /** Ids a prompt; the text encoder has this many positions. */
    public static final int LENGTH = 77;

    private final Vocabulary vocabulary;
    private final SpecialTokens special;
    private final TextCleaning cleaning;

    /** Special tokens before and after cleaning, the longest first; null where there are none. */
    private final Pattern raw;

    private final Pattern cleaned;

    private ClipTokenizer(Vocabulary vocabulary, SpecialTokens special, TextCleaning cleaning) {
        this.vocabulary = vocabulary;
        this.special = special;
        this.cleaning = cleaning;
        Set<String> later = cleaning == TextCleaning.FAST ? special.inCleaned() : Set.of();
        this.raw = anyOf(special.ids().keySet().stream()
                .filter(token -> !later.contains(token))
                .collect(Collectors.toSet()));
        this.cleaned = anyOf(later);
    }

    /** As the published training code loads it: {@link TextCleaning#SLOW}. */
    public static ClipTokenizer load(Path folder) {
        return load(folder, TextCleaning.SLOW);
    }

    /**
     * Reads vocab.json and merges.txt and, if there, tokenizer_config.json, special_tokens_map.json and
     * added_tokens.json.
     *
     * @throws UnsupportedConfigException if a file is missing or broken, the files do not fit each other, or they ask for
     *     what is not built here
     */
    public static ClipTokenizer load(Path folder, TextCleaning cleaning) {
        Vocabulary vocabulary = Vocabulary.read(folder);
        return new ClipTokenizer(vocabulary, SpecialTokens.read(folder, vocabulary), cleaning);
    }

    /** How many ids there are; the text encoder's embedding has at least this many rows. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** The {@value #LENGTH} ids of one prompt; {@link #encode(List)} also tells what was cut. */
    public long[] encode(String text) {
        return encode(List.of(text)).ids().getFirst();
    }

    public Tokens encode(List<String> texts) {
        List<long[]> ids = new ArrayList<>();
        List<Integer> cut = new ArrayList<>();
        for (String text : texts) {
            int[] tokens = tokens(text);
            int kept = Math.min(tokens.length, LENGTH - 2);
            var prompt = new long[LENGTH];
            Arrays.fill(prompt, special.pad());
            prompt[0] = special.begin();
            for (int i = 0; i < kept; i++) {
                prompt[i + 1] = tokens[i];
            }
            prompt[kept + 1] = special.end();
            ids.add(prompt);
            cut.add(tokens.length - kept);
        }
        return new Tokens(ids, cut);
    }

    /** How many tokens the text has, of which 75 fit; begin, end and padding are not counted. */
    public int count(String text) {
        return tokens(text).length;
    }

    /** The text of ids, for messages: special tokens are left out, and spaces are not those of the original. */
    public String decode(long... ids) {
        var bytes = new ByteArrayOutputStream();
        for (long id : ids) {
            String token = vocabulary.token(id);
            if (!special.ids().containsKey(token)) {
                boolean end = token.endsWith(Vocabulary.END_OF_WORD);
                ByteSymbols.decode(
                        end ? token.substring(0, token.length() - Vocabulary.END_OF_WORD.length()) : token, bytes);
                if (end) {
                    bytes.write(' ');
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    /** The tokens of a text of any length, without begin and end. */
    private int[] tokens(String text) {
        IntStream.Builder tokens = IntStream.builder();
        // 1. Special tokens as written, 2. those that cleaning brings out, 3. words and their byte pairs
        split(
                text,
                raw,
                tokens,
                piece -> split(
                        cleaning.clean(piece),
                        cleaned,
                        tokens,
                        rest -> cleaning.words(rest, word -> addWord(word, tokens))));
        return tokens.build().toArray();
    }

    private void addWord(String word, IntStream.Builder tokens) {
        Integer whole = cleaning.keepsWhole(word) ? vocabulary.id(word) : null;
        if (whole != null) {
            tokens.add(whole);
        } else {
            for (int token : vocabulary.encode(word)) {
                tokens.add(token);
            }
        }
    }

    /** Adds the ids of the special tokens that are found and hands what lies between to {@code between}, in order. */
    private void split(String text, Pattern specials, IntStream.Builder tokens, Consumer<String> between) {
        int start = 0;
        if (specials != null) {
            Matcher matcher = specials.matcher(text);
            while (matcher.find()) {
                between.accept(text.substring(start, matcher.start()));
                tokens.add(special.ids().get(matcher.group()));
                start = matcher.end();
            }
        }
        between.accept(text.substring(start));
    }

    private static Pattern anyOf(Set<String> tokens) {
        return tokens.isEmpty()
                ? null
                : Pattern.compile(tokens.stream()
                        .sorted(Comparator.comparing(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")));
    }
}
