package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureWriterTest {
    private static final Picture SOURCE = PictureReader.DEFAULT.read(PictureFixtures.file("source.png"));

    @ParameterizedTest
    @ValueSource(strings = {"noise", "smooth", "checks", "dot", "row", "column", "long"})
    void aPngKeepsEverySample(String source) {
        Picture picture = ResizeFixtures.source(source);

        assertThat(PictureReader.DEFAULT.read(PictureWriter.png(picture))).isEqualTo(picture);
        assertThat(PictureReader.DEFAULT.read(PictureWriter.quickPng(picture, Map.of())))
                .isEqualTo(picture);
    }

    @Test
    void aPngIsTheSameEveryTime() {
        Map<String, String> texts = Map.of("prompt", "a photo of sks person");

        assertThat(PictureWriter.png(SOURCE, texts)).isEqualTo(PictureWriter.png(SOURCE, texts));
    }

    @Test
    void aSmoothPictureIsFilteredNotOnlyDeflated() {
        Picture smooth = ResizeFixtures.source("smooth");

        assertThat(PictureWriter.png(smooth).length).isLessThan(smooth.rgb().length / 2);
        assertThat(PictureWriter.quickPng(smooth, Map.of()).length).isLessThan(smooth.rgb().length / 2);
    }

    @Test
    void textsComeBackInTheirOrder() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("request", "{\"seed\": 1}");
        texts.put("prompt", "caf\u00e9 \u4eba \ud83d\ude00");
        texts.put("empty", "");
        texts.put("latin", "na\u00efve");

        byte[] png = PictureWriter.png(SOURCE, texts);

        assertThat(PngText.read(png)).containsExactlyEntriesOf(texts);
        assertThat(PictureReader.DEFAULT.read(png)).isEqualTo(SOURCE);
    }

    @Test
    void onlyTextsBeyondLatin1TakeUtf8() {
        String png = new String(PictureWriter.png(SOURCE, Map.of("a", "na\u00efve")), StandardCharsets.ISO_8859_1);

        assertThat(png).contains("tEXta\0na\u00efve").doesNotContain("iTXt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "a\nb", "\u4eba"})
    void aKeywordOutsideTheRulesIsRefused(String keyword) {
        assertThatThrownBy(() -> PictureWriter.png(SOURCE, Map.of(keyword, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyword");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 25, 50, 75, 90, 95, 100})
    void aJpegIsPillowsByteForByteFromItsTablesOn(int quality) {
        assertThat(fromTables(PictureWriter.jpeg(SOURCE, quality)))
                .isEqualTo(fromTables(PictureFixtures.file("pillow-q" + quality + ".jpg")));
    }

    @Test
    void aJpegWithFullColourIsPillowsToo() {
        assertThat(fromTables(PictureWriter.jpeg(SOURCE, 90, Subsampling.YCC_444)))
                .isEqualTo(fromTables(PictureFixtures.file("pillow-q90-444.jpg")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101})
    void aQualityOffTheScaleIsRefused(int quality) {
        assertThatThrownBy(() -> PictureWriter.jpeg(SOURCE, quality)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWrittenFileIsReadBack(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.png");

        PictureWriter.write(file, PictureWriter.png(SOURCE));

        assertThat(PictureReader.DEFAULT.read(file)).isEqualTo(SOURCE);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void aFolderThatIsNotThereIsAnIoFailure(@TempDir Path folder) {
        Path file = folder.resolve("missing").resolve("a.png");

        var e = catchThrowableOfType(
                PictureException.class, () -> PictureWriter.write(file, PictureWriter.png(SOURCE)));

        assertThat(e.reason()).isEqualTo(Reason.IO);
    }

    private static String fromTables(byte[] jpeg) {
        String text = new String(jpeg, StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf("\u00ff\u00db"));
    }
}
