package dev.cloakproof.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloakproof.diffusion.UnsupportedConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a tokenizer's folder is said by file and name. */
class BadFolderTest {
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";
    private static final String MAP = "special_tokens_map.json";
    private static final String CONFIG = "tokenizer_config.json";

    @TempDir
    private Path folder;

    @BeforeEach
    void copyAGoodOne() throws IOException {
        try (Stream<Path> files = Files.list(Vocabularies.tiny("sd2"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Files.delete(folder.resolve(MERGES));
        assertRefused(MERGES, "cannot be read");
        Files.delete(folder.resolve(VOCABULARY));
        assertRefused(VOCABULARY, "cannot be read");
    }

    @Test
    void aVocabularyThatIsNoMapOfTokensIsRefused() throws IOException {
        write(VOCABULARY, "{\"a\": 0");
        assertRefused(VOCABULARY, "is not JSON");
        write(VOCABULARY, "[1]");
        assertRefused(VOCABULARY, "is not a JSON object of tokens");
        write(VOCABULARY, "{}");
        assertRefused(VOCABULARY, "is not a JSON object of tokens");
        write(VOCABULARY, "{\"a\": 0, \"a\": 1}");
        assertRefused(VOCABULARY, "Duplicate field 'a'");
    }

    @Test
    void idsThatAreNotOneForEachTokenAreRefused() throws IOException {
        write(VOCABULARY, "{\"a\": 0, \"b\": 0}");
        assertRefused(VOCABULARY, "'b': expected an id of its own, found 0, which is that of 'a'");
        write(VOCABULARY, "{\"a\": 1}");
        assertRefused(VOCABULARY, "'a': expected an id below 1, found 1");
        write(VOCABULARY, "{\"a\": \"0\"}");
        assertRefused(VOCABULARY, "'a': expected an id below 1, found \"0\"");
        write(VOCABULARY, "{\"a\": -1}");
        assertRefused(VOCABULARY, "'a': expected an id below 1, found -1");
    }

    @Test
    void aVocabularyWithoutEveryByteIsRefused() throws IOException {
        replace(VOCABULARY, "\"q</w>\":", "\"no byte\":");
        assertRefused(VOCABULARY, "needs the token 'q</w>', which vocab.json lacks");
    }

    @Test
    void mergesThatDoNotFitTheVocabularyAreRefused() throws IOException {
        String good = Files.readString(folder.resolve(MERGES));
        write(MERGES, good.replace("#version: 0.2\n", ""));
        assertRefused(MERGES, "does not begin with a line of #version");
        write(MERGES, "");
        assertRefused(MERGES, "does not begin with a line of #version");
        write(MERGES, "#version: 0.2\ni n\na b c\n");
        assertRefused(MERGES + " line 3", "expected two tokens, found [a, b, c]");
        write(MERGES, "#version: 0.2\ni n\nq zz\n");
        assertRefused(MERGES + " line 3", "needs the token 'zz', which vocab.json lacks");
        write(MERGES, "#version: 0.2\nq q\n");
        assertRefused(MERGES + " line 2", "needs the token 'qq', which vocab.json lacks");
    }

    @Test
    void mergesMayHaveLineEndsOfWindows() throws IOException {
        var good = ClipTokenizer.load(folder);
        replace(MERGES, "\n", "\r\n");
        assertThat(ClipTokenizer.load(folder).encode("in the end")).containsExactly(good.encode("in the end"));
    }

    @Test
    void theMapCountsBeforeTheConfiguration() throws IOException {
        replace(CONFIG, "\"pad_token\": \"!\"", "\"pad_token\": \"<|endoftext|>\"");
        assertThat(ClipTokenizer.load(folder).encode("").clone()[76]).isZero();
        replace(MAP, "\"pad_token\": \"!\"", "\"pad_token\": null");
        assertThat(ClipTokenizer.load(folder).encode("")[76]).isEqualTo(813);
    }

    @Test
    void withoutEitherTheTokensAreThoseOfClip() throws IOException {
        Files.delete(folder.resolve(MAP));
        assertThat(ClipTokenizer.load(folder).encode(""))
                .startsWith(812, 813, 0)
                .endsWith(0);
        Files.delete(folder.resolve(CONFIG));
        assertThat(ClipTokenizer.load(folder).encode(""))
                .startsWith(812, 813, 813)
                .endsWith(813);
    }

    @Test
    void specialTokensThatCannotBeAreRefused() throws IOException {
        String good = Files.readString(folder.resolve(MAP));
        write(MAP, good.replace("\"!\"", "\"<pad>\""));
        assertRefused(MAP, "'pad_token': expected a token of vocab.json, found \"<pad>\"");
        write(MAP, good.replace("\"!\"", "7"));
        assertRefused(MAP, "'pad_token': expected a token of vocab.json, found 7");
        write(MAP, good.replaceFirst("\"lstrip\": false", "\"lstrip\": true"));
        assertRefused(MAP, "'bos_token': expected lstrip false");
        write(MAP, "[]");
        assertRefused(MAP, "is not a JSON object");
        write(MAP, "{");
        assertRefused(MAP, "is not JSON");
    }

    @Test
    void anotherTokenizerIsRefused() throws IOException {
        String good = Files.readString(folder.resolve(CONFIG));
        write(CONFIG, good.replace("\"CLIPTokenizer\"", "\"T5Tokenizer\""));
        assertRefused(CONFIG, "'tokenizer_class': expected CLIPTokenizer, found \"T5Tokenizer\"");
        write(CONFIG, good.replace("77", "512"));
        assertRefused(CONFIG, "'model_max_length': expected 77, found 512");
    }

    @Test
    void tokensAddedToTheVocabularyAreRefusedUnlessItHasThem() throws IOException {
        write("added_tokens.json", "{\"<|endoftext|>\": 813}");
        assertThat(ClipTokenizer.load(folder).encode("")).startsWith(812, 813);
        write("added_tokens.json", "{\"<cat>\": 814}");
        assertRefused("added_tokens.json", "'<cat>': expected a token of vocab.json");
        write("added_tokens.json", "{\"<|endoftext|>\": 3}");
        assertRefused("added_tokens.json", "expected id 813, as in vocab.json, found 3");
        Files.delete(folder.resolve("added_tokens.json"));

        String good = Files.readString(folder.resolve(CONFIG));
        String added = "\"added_tokens_decoder\": {\"%d\": {\"content\": \"<|endoftext|>\"}}, \"bos_token\"";
        write(CONFIG, good.replace("\"bos_token\"", added.formatted(813)));
        assertThat(ClipTokenizer.load(folder).encode("")).startsWith(812, 813);
        write(CONFIG, good.replace("\"bos_token\"", added.formatted(5)));
        assertRefused(CONFIG, "expected id 813, as in vocab.json, found 5");
    }

    private void assertRefused(String file, String problem) {
        assertThatThrownBy(() -> ClipTokenizer.load(folder))
                .isInstanceOf(UnsupportedConfigException.class)
                .hasMessageStartingWith(folder.resolve(file).toString())
                .hasMessageContaining(problem);
    }

    private void replace(String file, String from, String to) throws IOException {
        String before = Files.readString(folder.resolve(file));
        assertThat(before).contains(from);
        write(file, before.replace(from, to));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }
}
