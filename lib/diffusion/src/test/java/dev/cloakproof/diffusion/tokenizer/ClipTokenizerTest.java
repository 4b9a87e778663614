package dev.cloakproof.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClipTokenizerTest {
    private static final long BEGIN = 49406;
    private static final long END = 49407;

    private static ClipTokenizer first;
    private static ClipTokenizer second;

    @BeforeAll
    static void load(@TempDir Path folder) throws IOException {
        first = ClipTokenizer.load(Vocabularies.full("sd1", folder));
        second = ClipTokenizer.load(Vocabularies.full("sd2", folder));
    }

    @Test
    void aPromptIsBetweenBeginAndEndAndPadded() {
        assertThat(first.encode("a photo of a cat"))
                .hasSize(77)
                .startsWith(BEGIN, 320, 1125, 539, 320, 2368, END, END)
                .endsWith(END);
        assertThat(second.encode("a photo of a cat"))
                .hasSize(77)
                .startsWith(BEGIN, 320, 1125, 539, 320, 2368, END, 0)
                .endsWith(0);
        assertThat(first.vocabularySize()).isEqualTo(49408);
    }

    @Test
    void whatDoesNotFitIsCutAndCounted() {
        Tokens tokens = first.encode(List.of("cat ".repeat(75), "cat ".repeat(80) + "dog", ""));
        assertThat(tokens.cut()).containsExactly(0, 6, 0);
        assertThat(tokens.truncated()).isTrue();
        assertThat(tokens.ids().get(1)).hasSize(77).doesNotContain(1929).endsWith(2368, END);
        assertThat(first.encode(List.of("cat")).truncated()).isFalse();
        assertThat(first.count("cat ".repeat(80) + "dog")).isEqualTo(81);
        assertThat(first.count("")).isZero();
    }

    @Test
    void aBatchIsOneTensor() {
        try (var _ = Scope.open()) {
            Tensor ids = second.encode(List.of("a", "b")).toTensor();
            assertThat(ids.shape()).containsExactly(2, 77);
            assertThat(ids.dtype()).isEqualTo(DType.I64);
            assertThat(ids.select(0, 1).toLongs()).containsExactly(second.encode("b"));
        }
    }

    @Test
    void theExclamationMarkIsPaddingInTheSecondVersionOnly() {
        assertThat(first.encode("hi!!")).startsWith(BEGIN, 1883, 748, END);
        assertThat(second.encode("hi!!")).startsWith(BEGIN, 1883, 0, 0, END);
    }

    @Test
    void specialTokensInATextAreRecognised() {
        assertThat(first.encode("a<|endoftext|>b <|StartOfText|>")).startsWith(BEGIN, 320, END, 321, BEGIN, END);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a photo of sks person, without t@j noisy pattern", "naïve café 猫 😀 x", "it's 85mm f/1.8"})
    void decodedIdsEncodeToTheSame(String text) {
        assertThat(first.encode(first.decode(first.encode(text)))).containsExactly(first.encode(text));
    }

    @Test
    void decodingLeavesSpecialTokensOutAndRefusesWhatIsNoId() {
        assertThat(first.decode(first.encode("A photo of  sks"))).isEqualTo("a photo of sks");
        assertThat(second.decode(BEGIN, 320, 0, END)).isEqualTo("a");
        // a byte that begins a character
        assertThat(first.decode(172)).isEqualTo("\ufffd");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> first.decode(49408))
                .withMessage("id: expected 0 to 49407, found 49408");
        assertThatIllegalArgumentException().isThrownBy(() -> first.decode(-1));
    }

    /** Answers of the slow tokenizer to what the fixtures do not ask. */
    @ParameterizedTest
    @CsvSource({
        // the mark whose capital is a letter vanishes
        "a\u0345b, a b",
        // an unassigned code point among ideographs
        "a\ufae8b, ab",
        "a\ud800b, ab",
        "a\u2028b, a b",
        "Σ\u0301 ΑΣ. Σα, σ\u0301 ας. σα",
    })
    void oddTextIsWhatItIsInPython(String text, String same) {
        assertThat(first.encode(text)).containsExactly(first.encode(same));
    }

    @Test
    void capitalSigmaIsFinalOnlyForTheSlowTokenizer() {
        assertThat(first.encode("ΑΣ")).containsExactly(first.encode("ας")).isNotEqualTo(first.encode("ασ"));
    }

    /** A third of a second on an idle machine; anything quadratic takes minutes. Processor time, since others may run. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "cat ", "!", "猫", "\u0301\u0316", "<|endoftext|>", "Σ'", "x1"})
    void aMegabyteIsDoneAtOnce(String part) {
        String text = "a" + part.repeat((1 << 20) / part.getBytes(StandardCharsets.UTF_8).length);
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        first.encode(text);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void threadsShareATokenizer() throws Exception {
        List<String> texts =
                IntStream.range(0, 60).mapToObj(i -> "cat ".repeat(i) + "dog").toList();
        List<long[]> alone = texts.stream().map(first::encode).toList();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<long[]>> together = IntStream.range(0, 6000)
                    .mapToObj(i -> threads.submit(() -> first.encode(texts.get(i % texts.size()))))
                    .toList();
            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i).get()).containsExactly(alone.get(i % texts.size()));
            }
        }
    }
}
