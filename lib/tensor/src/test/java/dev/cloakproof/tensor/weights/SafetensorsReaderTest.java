package dev.cloakproof.tensor.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsReaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // case | header | bytes of data | reason | part of the message
                "no object | [] | 0 | UNKNOWN_FORMAT | expected safetensors",
                "no JSON | {\"a\": | 0 | MALFORMED | not valid JSON",
                "text behind the header | {} x | 0 | MALFORMED | not valid JSON",
                "an object behind the header | {} {} | 0 | MALFORMED | closing brace",
                "a tensor twice | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2 | MALFORMED | 'a' stands in the header twice",
                "a key twice | {\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | 1 | MALFORMED | 'dtype' twice",
                "a metadata key twice | {\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}} | 0 | MALFORMED | 'k' stands in the header twice",
                "metadata twice | {\"__metadata__\":{\"k\":\"1\"},\"__metadata__\":{\"l\":\"2\"}} | 0 | MALFORMED | __metadata__ stands in the header twice",
                "metadata that is no string | {\"__metadata__\":{\"k\":1}} | 0 | MALFORMED | expected VALUE_STRING",
                "an unknown key | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"stride\":[1]}} | 1 | MALFORMED | unknown key 'stride'",
                "a missing key | {\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}} | 1 | MALFORMED | found U8, null",
                "three offsets | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]}} | 1 | MALFORMED | two data_offsets",
                "an unknown type | {\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}} | 1 | UNSUPPORTED | F8_E4M3",
                "a type in lower case | {\"a\":{\"dtype\":\"u8\",\"shape\":[1],\"data_offsets\":[0,1]}} | 1 | UNSUPPORTED | u8",
                "a negative side | {\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}} | 1 | MALFORMED | holds -1",
                "a side beyond 63 bits | {\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775808],\"data_offsets\":[0,1]}} | 1 | MALFORMED | holds 9223372036854775808",
                "a side with a fraction | {\"a\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}} | 1 | MALFORMED | found VALUE_NUMBER_FLOAT",
                "a product beyond 63 bits | {\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}} | 0 | MALFORMED | beyond 63 bits",
                "bytes beyond 63 bits | {\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}} | 0 | MALFORMED | beyond 63 bits",
                "a zero side beside an overflow | {\"a\":{\"dtype\":\"U8\",\"shape\":[0,4294967296,4294967296],\"data_offsets\":[0,0]}} | 0 | MALFORMED | beyond 63 bits",
                "a size unlike the shape | {\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | MALFORMED | takes 8 bytes",
                "an end before its begin | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}} | 1 | MALFORMED | data_offsets are [1, 0]",
                "data that ends too early | {\"a\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}} | 5 | TRUNCATED | ends at byte 9 of the data, which has 5",
                "an overlap | {\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 3 | MALFORMED | tensors overlap",
                "a hole | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}} | 3 | MALFORMED | a hole",
                "data that begins late | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2 | MALFORMED | a hole",
                "bytes behind the last tensor | {\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}} | 2 | MALFORMED | 1 bytes follow",
                "data without a tensor | {} | 1 | MALFORMED | 1 bytes follow",
            })
    void aBrokenFileIsRefusedByName(String name, String header, int data, Reason reason, String message)
            throws IOException {
        var e = refused(file(header.getBytes(StandardCharsets.UTF_8), header.length(), data));

        assertThat(e.reason()).isEqualTo(reason);
        assertThat(e).hasMessageContaining(message).hasMessageContaining("a.bin");
    }

    @Test
    void tensorsMayStandInAnyOrder() throws IOException {
        String header = """
                {"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"empty":{"dtype":"F32","shape":[0],"data_offsets":[1,1]},\
                "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""";
        Path file = file(header.getBytes(StandardCharsets.UTF_8), header.length(), 3);

        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.entries()).containsOnlyKeys("b", "empty", "a");
        }
    }

    @Test
    void aHeaderBeyondTheLimitIsRefusedBeforeItIsRead() throws IOException {
        var e = refused(file("{}".getBytes(StandardCharsets.UTF_8), SafetensorsReader.MAX_HEADER_LENGTH + 1, 0));

        assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(e).hasMessageContaining("100000001");
    }

    @Test
    void aHeaderLengthAbove63BitsIsRefused() throws IOException {
        Path file = Files.move(file("{}".getBytes(StandardCharsets.UTF_8), -1, 0), folder.resolve("b.safetensors"));

        assertThat(refused(file).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aHeaderLongerThanTheFileIsTruncated() throws IOException {
        var e = refused(file("{}".getBytes(StandardCharsets.UTF_8), 99, 0));

        assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(e).hasMessageContaining("the header takes 99 bytes at 8, the file has 10");
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        byte[] header = {'{', '"', (byte) 0xc3, '"', ':', '1', '}'};

        var e = refused(file(header, header.length, 0));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("UTF-8");
    }

    @Test
    void deepNestingIsRefusedAtItsFirstLevel() throws IOException {
        String header = "{\"a\":" + "[".repeat(1_000_000);

        var e = refused(file(header.getBytes(StandardCharsets.UTF_8), header.length(), 0));

        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e).hasMessageContaining("tensor 'a': expected START_OBJECT");
    }

    @Test
    void aNumberOfAMillionDigitsIsRefused() throws IOException {
        String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + "9".repeat(1_000_000) + "],\"data_offsets\":[0,1]}}";

        assertThat(refused(file(header.getBytes(StandardCharsets.UTF_8), header.length(), 1))
                        .reason())
                .isEqualTo(Reason.MALFORMED);
    }

    private static CheckpointException refused(Path file) {
        return catchThrowableOfType(
                CheckpointException.class, () -> Checkpoint.open(file).close());
    }

    private Path file(byte[] header, long declaredLength, int data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(declaredLength).put(header);
        return Files.write(folder.resolve("a.bin"), bytes.array());
    }
}
