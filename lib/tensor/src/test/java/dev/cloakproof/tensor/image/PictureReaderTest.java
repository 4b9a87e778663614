package dev.cloakproof.tensor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.image.PictureException.Reason;
import dev.cloakproof.tensor.image.PictureReader.Orientation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReaderTest {
    private static final Map<String, Picture> EXPECTED = PictureFixtures.expected();

    static Set<String> files() {
        return EXPECTED.keySet();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everySampleIsPillows(String file) {
        Picture picture = PictureReader.DEFAULT.read(PictureFixtures.file(file));

        assertThat(PictureFixtures.greatestDifference(picture, EXPECTED.get(file)))
                .isZero();
        assertThat(picture).isEqualTo(EXPECTED.get(file));
    }

    @Test
    void theOrientationIsLeftAloneWhenToldSo() {
        byte[] turned = PictureFixtures.file("orientation-6.png");

        Picture stored = new PictureReader(PictureLimits.DEFAULT, Orientation.IGNORE).read(turned);

        assertThat(stored).isEqualTo(EXPECTED.get("orientation-1.png"));
        assertThat(PictureReader.DEFAULT.read(turned).width()).isEqualTo(stored.height());
    }

    @ParameterizedTest
    @CsvSource({"grey-16.png, UNSUPPORTED, 16-bit grey", "animated.png, ANIMATED, animated"})
    void aKindThatIsNotReadIsRefusedByName(String file, Reason reason, String message) {
        var e = refused(PictureFixtures.file(file));

        assertThat(e.reason()).isEqualTo(reason);
        assertThat(e).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "GIF89a......, GIF",
        "RIFF....WEBPVP8 , WebP",
        "....ftypheic, HEIF",
        "BM......, BMP",
        "<svg xmlns=, text",
        "'', an empty file",
        "\u00e9\u00e8\u00e7, bytes beginning with e9e8e7"
    })
    void anotherFormatIsNamed(String content, String name) {
        var e = refused(content.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_FORMAT);
        assertThat(e).hasMessageContaining("found " + name);
    }

    @Test
    void theNameOfAFileDoesNotMatter(@TempDir Path folder) throws IOException {
        Path jpeg = Files.write(folder.resolve("a.png"), PictureFixtures.file("grey.jpg"));
        Path text = Files.writeString(folder.resolve("b.png"), "hello");

        assertThat(PictureReader.DEFAULT.read(jpeg)).isEqualTo(EXPECTED.get("grey.jpg"));
        assertThat(catchThrowableOfType(PictureException.class, () -> PictureReader.DEFAULT.read(text))
                        .reason())
                .isEqualTo(Reason.UNKNOWN_FORMAT);
    }

    @Test
    void aMissingFileIsAnIoFailure(@TempDir Path folder) {
        var e = catchThrowableOfType(
                PictureException.class, () -> PictureReader.DEFAULT.read(folder.resolve("missing.png")));

        assertThat(e.reason()).isEqualTo(Reason.IO);
        assertThat(e).hasMessageContaining("missing.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb-8.png", "palette-8-interlaced.png", "baseline-420-q90.jpg", "progressive-444-q90.jpg"})
    void aFileCutOffAnywhereIsRefused(String name) {
        byte[] whole = PictureFixtures.file(name);

        for (int length = 0; length < whole.length; length++) {
            var e = refused(Arrays.copyOf(whole, length));
            assertThat(e).as("first %d bytes", length).isNotNull();
            if (length > 8) {
                assertThat(e.reason()).as("first %d bytes", length).isEqualTo(Reason.TRUNCATED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb-8.png", "baseline-420-q90.jpg"})
    void aPictureBeyondTheLimitsIsRefusedByItsHeader(String name) {
        Picture picture = EXPECTED.get(name);
        byte[] file = PictureFixtures.file(name);
        int pixels = picture.width() * picture.height();

        assertThat(read(file, picture.width(), pixels)).isEqualTo(picture);
        assertThat(refused(file, picture.width() - 1, pixels).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(refused(file, picture.width(), pixels - 1).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aBombIsRefusedBeforeItsDataIsLookedAt() {
        // 2^31 - 1 pixels a side; the checksum behind is wrong, which nobody gets to see.
        byte[] bomb = PictureFixtures.file("rgb-8.png");
        Arrays.fill(bomb, 16, 24, (byte) 0x7f);

        var e = refused(fixed(bomb, 8));

        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aPictureWithoutPixelsIsMalformed() {
        byte[] empty = PictureFixtures.file("rgb-8.png");
        Arrays.fill(empty, 16, 20, (byte) 0);

        assertThat(refused(fixed(empty, 8)).reason()).isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({"24, 3, 3 bits", "25, 5, colour type 5", "26, 1, compression 1", "27, 1, filter 1", "28, 2, interlace 2"
    })
    void aPngHeaderOutsideTheRulesIsMalformed(int at, int value, String message) {
        byte[] file = PictureFixtures.with(PictureFixtures.file("rgb-8.png"), at, value);

        var e = refused(fixed(file, 8));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining(message);
    }

    @Test
    void dataThatEndsBeforeTheLastRowIsTruncated() {
        byte[] file = PictureFixtures.file("rgb-8.png");
        // The second piece of the data becomes a chunk that nobody reads.
        int second = indexOf(file, "IDAT", indexOf(file, "IDAT") + 1);
        byte[] renamed = PictureFixtures.with(file, second, 'i');

        var e = refused(fixed(renamed, second - 4));

        assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(e).hasMessageContaining("before the last row");
    }

    @Test
    void aJpegThatEndsWithinItsDataIsTruncated() {
        byte[] file = PictureFixtures.file("baseline-420-q90.jpg");

        assertThat(refused(Arrays.copyOf(file, file.length - 40))).hasMessageContaining("within its data");
    }

    @Test
    void aWrongChecksumIsMalformed() {
        byte[] file = PictureFixtures.file("rgb-8.png");

        var e = refused(PictureFixtures.with(file, file.length - 1, 0));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("'IEND'").hasMessageContaining("checksum");
    }

    @Test
    void aColourOutsideThePaletteIsMalformed() {
        byte[] file = PictureFixtures.file("palette-short.png");
        int palette = indexOf(file, "PLTE");
        byte[] shorter = new byte[file.length - 6];
        System.arraycopy(file, 0, shorter, 0, palette + 4 + 3);
        System.arraycopy(file, palette + 4 + 9, shorter, palette + 4 + 3, file.length - palette - 13);
        shorter[palette - 1] = 3;

        var e = refused(fixed(shorter, palette - 4));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("of a palette of 1");
    }

    @ParameterizedTest
    @CsvSource({"0xc3, lossless", "0xc9, arithmetic"})
    void aJpegProcessThatIsNotReadIsRefused(String marker, String name) {
        byte[] file = PictureFixtures.file("baseline-420-q90.jpg");
        int frame = frame(file);

        var e = refused(PictureFixtures.with(file, frame + 1, Integer.decode(marker)));

        assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(e).hasMessageContaining(name);
    }

    @Test
    void aJpegOf12BitsIsRefused() {
        byte[] file = PictureFixtures.file("baseline-420-q90.jpg");

        assertThat(refused(PictureFixtures.with(file, frame(file) + 4, 12)).reason())
                .isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void aJpegWithoutAFrameIsMalformed() {
        byte[] file = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9};

        assertThat(refused(file).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void aJpegWithoutTablesIsMalformed() {
        byte[] file = PictureFixtures.file("baseline-420-q90.jpg");
        int tables = indexOf(file, "\u00ff\u00db");

        assertThat(refused(PictureFixtures.with(file, tables + 1, 0xfe)).reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void metadataDoesNotTroubleTheJpegDecoder() {
        byte[] file = PictureFixtures.file("baseline-420-q90.jpg");
        byte[] profile = "\u00ff\u00e2\0\u0011ICC_PROFILE\0\u0005\u0001x\u00ff\u00fe\0\u0004hi"
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] withProfile = new byte[file.length + profile.length];
        System.arraycopy(file, 0, withProfile, 0, 2);
        System.arraycopy(profile, 0, withProfile, 2, profile.length);
        System.arraycopy(file, 2, withProfile, 2 + profile.length, file.length - 2);

        assertThat(PictureReader.DEFAULT.read(withProfile)).isEqualTo(EXPECTED.get("baseline-420-q90.jpg"));
    }

    private static Picture read(byte[] file, int maxSide, long maxPixels) {
        return new PictureReader(new PictureLimits(maxSide, maxPixels), Orientation.APPLY).read(file);
    }

    private static PictureException refused(byte[] file, int maxSide, long maxPixels) {
        return catchThrowableOfType(PictureException.class, () -> read(file, maxSide, maxPixels));
    }

    private static PictureException refused(byte[] file) {
        return catchThrowableOfType(PictureException.class, () -> PictureReader.DEFAULT.read(file));
    }

    private static int frame(byte[] jpeg) {
        return indexOf(jpeg, "\u00ff\u00c0");
    }

    private static int indexOf(byte[] file, String bytes) {
        return indexOf(file, bytes, 0);
    }

    private static int indexOf(byte[] file, String bytes, int from) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf(bytes, from);
    }

    /** The PNG file with the checksum of the chunk at an offset put right. */
    private static byte[] fixed(byte[] file, int chunk) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int length = bytes.getInt(chunk);
        CRC32 crc = new CRC32();
        crc.update(file, chunk + 4, length + 4);
        bytes.putInt(chunk + 8 + length, (int) crc.getValue());
        return file;
    }
}
