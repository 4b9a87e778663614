package dev.cloakproof.pretraining.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFolderTest {
    @TempDir
    static Path folder;

    private static ClipTokenizer tokenizer;

    @BeforeAll
    static void learn() throws IOException {
        TokenizerFolder.write(folder, Sentences.all());
        tokenizer = ClipTokenizer.load(folder);
    }

    @Test
    void mergesTheMostFrequentPairFirst() {
        assertThat(BytePairTrainer.merges(Map.of("low", 5L, "lower", 2L, "new", 6L), 3))
                .extracting(BytePairTrainer.Pair::merged)
                .containsExactly("lo", "ne", "new</w>");
    }

    @Test
    void wordsOfThePromptsAreOneTokenEach() {
        assertThat(tokenizer.count("a photo of sks person with red curly hair, smiling, without noisy pattern"))
                .isEqualTo(15);
    }

    @Test
    void noTextIsUnknown() {
        String text = "crème brûlée 東京 🙂 q!x";
        assertThat(tokenizer.decode(tokenizer.encode(text)).replace(" ", "")).isEqualTo(text.replace(" ", ""));
    }

    @Test
    void endOfTextHasTheHighestId() {
        long[] ids = tokenizer.encode("a person");
        assertThat(ids[3]).isEqualTo(tokenizer.vocabularySize() - 1);
        assertThat(ids[0]).isEqualTo(tokenizer.vocabularySize() - 2);
        assertThat(tokenizer.vocabularySize()).isLessThanOrEqualTo(TokenizerFolder.SIZE);
    }

    @Test
    void theSameSentencesGiveTheSameTokens() {
        assertThat(Sentences.all()).isEqualTo(Sentences.all());
        assertThat(BytePairTrainer.merges(Map.of("ab", 1L, "cd", 1L), 2))
                .isEqualTo(List.of(new BytePairTrainer.Pair("c", "d</w>"), new BytePairTrainer.Pair("a", "b</w>")));
    }
}
