package dev.cloakproof.diffusion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.diffusion.Fixtures;
import dev.cloakproof.tensor.parity.Parity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every prompt of the fixtures, with both tokenizers of the Python library, exactly. */
@Tag(Parity.TAG)
class TokenizerParityTest {
    @ParameterizedTest
    @CsvSource({"sd1, SLOW", "sd2, SLOW", "sd1, FAST", "sd2, FAST"})
    void clipsVocabularyGivesTheReferencesIds(String style, TextCleaning cleaning, @TempDir Path folder)
            throws IOException {
        var tokenizer = ClipTokenizer.load(Vocabularies.full(style, folder), cleaning);
        compare("clip " + style + " " + cleaning, tokenizer, cases(Fixtures.folder("tokenizer"), cleaning), style, 77);
    }

    @ParameterizedTest
    @CsvSource({"sd1, SLOW", "sd2, SLOW", "sd1, FAST", "sd2, FAST"})
    void aCutDownVocabularyGivesTheReferencesIds(String style, TextCleaning cleaning) {
        var tokenizer = ClipTokenizer.load(Vocabularies.tiny(style), cleaning);
        compare("tiny " + style + " " + cleaning, tokenizer, cases(Vocabularies.tiny(style), cleaning), "ids", 24);
    }

    private static void compare(String name, ClipTokenizer tokenizer, JsonNode cases, String key, int count) {
        assertThat(cases).hasSize(count);
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : cases) {
            String prompt = row.get("prompt").textValue();
            long[] expected = StreamSupport.stream(row.get(key).spliterator(), false)
                    .mapToLong(JsonNode::longValue)
                    .toArray();
            long[] found = tokenizer.encode(prompt);
            if (!Arrays.equals(found, expected)) {
                wrong.add(prompt);
            }
        }
        Parity.exact("tokenizer " + name + " " + count + " prompts", wrong, List.of());
    }

    private static JsonNode cases(Path folder, TextCleaning cleaning) {
        return Fixtures.json(folder.resolve(cleaning == TextCleaning.SLOW ? "cases-slow.json" : "cases.json"));
    }
}
