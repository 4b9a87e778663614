package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
    private static final Picture SOURCE = ResizeFixtures.source("noise");
    private static final Map<String, String> RECORD = Map.of("cloakproof", "{}");

    @Test
    void anUnchangedPictureKeepsItsCompressedSamplesAndNothingElseOfItsFile() {
        byte[] rows = rows(0);
        byte[] compressed = deflated(rows, 9);
        // Two pieces, between texts that have to go.
        byte[] file = PngEncoder.encode(
                SOURCE,
                List.of(ByteBuffer.wrap(compressed, 0, 10), ByteBuffer.wrap(compressed, 10, compressed.length - 10)),
                Map.of("Author", "somebody"));
        byte[] behind = "GPS 48.1 11.5".getBytes(StandardCharsets.ISO_8859_1);
        byte[] given = Arrays.copyOf(file, file.length + behind.length);
        System.arraycopy(behind, 0, given, file.length, behind.length);

        PictureFile read = PictureReader.DEFAULT.open(given);
        byte[] png = read.png(read.picture(), RECORD);

        assertThat(read.picture()).isEqualTo(SOURCE);
        assertThat(PictureReader.DEFAULT.read(png)).isEqualTo(SOURCE);
        assertThat(PngText.read(png)).isEqualTo(RECORD);
        assertThat(data(png)).isEqualTo(compressed);
        assertThat(PngChunks.read(png, PictureLimits.DEFAULT).chunks())
                .extracting(PngChunks.Chunk::type)
                .containsExactly("IHDR", "tEXt", "IDAT", "IEND");
        assertThat(new String(png, StandardCharsets.ISO_8859_1)).doesNotContain("somebody", "GPS");
    }

    @Test
    void aChangedPictureIsEncodedAnew() {
        byte[] file = PictureWriter.png(SOURCE);
        PictureFile read = PictureReader.DEFAULT.open(file);
        Picture blurred = GaussianBlur.of(read.picture(), 2);

        assertThat(PictureReader.DEFAULT.read(read.png(blurred, RECORD))).isEqualTo(blurred);
        Picture twin = Picture.of(SOURCE.width(), SOURCE.height(), SOURCE.rgb());
        assertThat(PictureReader.DEFAULT.read(read.png(twin, RECORD))).isEqualTo(SOURCE);
    }

    @Test
    void dataThatHoldsMoreThanTheRowsIsNotTakenOver() {
        byte[] whole = deflated(rows(0), 6);
        byte[] withMore = Arrays.copyOf(whole, whole.length + 100);
        byte[] withoutSum = Arrays.copyOf(whole, whole.length - 4);
        byte[] moreRows = deflated(rows(1), 6);
        for (byte[] compressed : List.of(withMore, withoutSum, moreRows)) {
            byte[] file = PngEncoder.encode(SOURCE, List.of(ByteBuffer.wrap(compressed)), Map.of());
            PictureFile read = PictureReader.DEFAULT.open(file);
            byte[] png = read.png(read.picture(), Map.of());

            assertThat(read.picture()).isEqualTo(SOURCE);
            assertThat(PictureReader.DEFAULT.read(png)).isEqualTo(SOURCE);
            assertThat(data(png)).isNotEqualTo(compressed);
            assertThat(PictureReader.DEFAULT.open(png)).satisfies(PictureFileTest::isTakenOver);
        }
    }

    @Test
    void aWrongSumBehindTheRowsIsNoPicture() {
        byte[] compressed = deflated(rows(0), 6);
        compressed[compressed.length - 1] ^= 1;
        byte[] file = PngEncoder.encode(SOURCE, List.of(ByteBuffer.wrap(compressed)), Map.of());

        assertThat(catchThrowableOfType(PictureException.class, () -> PictureReader.DEFAULT.open(file))
                        .reason())
                .isEqualTo(PictureException.Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orientation-6.png",
                "rgb-8.png",
                "palette-8-interlaced.png",
                "grey-8.png",
                "baseline-420-q90.jpg"
            })
    void whateverCameInLeavesAsThePictureThatWasSeen(String name) {
        PictureFile read = PictureReader.DEFAULT.open(PictureFixtures.file(name));

        byte[] png = read.png(read.picture(), RECORD);

        assertThat(PictureReader.DEFAULT.read(png))
                .isEqualTo(PictureFixtures.expected().get(name));
        assertThat(PngText.read(png)).isEqualTo(RECORD);
    }

    private static void isTakenOver(PictureFile read) {
        byte[] png = read.png(read.picture(), Map.of());
        assertThat(data(read.png(read.picture(), RECORD))).isEqualTo(data(png));
    }

    /** All rows, unfiltered, and some more. */
    private static byte[] rows(int more) {
        int length = SOURCE.width() * Picture.CHANNELS;
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        for (int y = 0; y < SOURCE.height(); y++) {
            rows.write(0);
            rows.write(SOURCE.raw(), y * length, length);
        }
        rows.writeBytes(new byte[more * (length + 1)]);
        return rows.toByteArray();
    }

    private static byte[] deflated(byte[] rows, int level) {
        try (Deflater deflater = new Deflater(level)) {
            deflater.setInput(rows);
            deflater.finish();
            byte[] compressed = new byte[rows.length * 2 + 100];
            return Arrays.copyOf(compressed, deflater.deflate(compressed));
        }
    }

    private static byte[] data(byte[] png) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (ByteBuffer piece : PngChunks.read(png, PictureLimits.DEFAULT).all("IDAT")) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            data.writeBytes(bytes);
        }
        return data.toByteArray();
    }
}
