package dev.cloakproof.tensor.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a safetensors file: a 64-bit header length, a JSON header, the data.
 *
 * <p>Stricter than the reference in one point: keys of a tensor other than dtype, shape and data_offsets are refused.
 * Source: safetensors, {@code README.md} (format) and {@code safetensors/src/tensor.rs} (validation).
 */
final class SafetensorsReader {
    /** The reference's limit. */
    static final long MAX_HEADER_LENGTH = 100_000_000;

    private static final int LENGTH_BYTES = Long.BYTES;
    private static final String METADATA = "__metadata__";

    /** Names are a file's own and many: interning them, or sharing a symbol table, would only keep them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final MappedFile file;
    private final long dataStart;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsReader(MappedFile file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    static CheckpointContents read(MappedFile file) {
        long length = file.i64(0);
        if (length < 0 || length > MAX_HEADER_LENGTH) {
            throw new CheckpointException(
                    Reason.TOO_LARGE,
                    file.path(),
                    "header of %s bytes, at most %d are read"
                            .formatted(Long.toUnsignedString(length), MAX_HEADER_LENGTH));
        }
        var header = file.slice(LENGTH_BYTES, length, "the header");
        SafetensorsReader reader = new SafetensorsReader(file, LENGTH_BYTES + length);
        try (JsonParser json = JSON.createParser(Utf8Text.of(header))) {
            reader.header(json);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    Reason.MALFORMED, file.path(), "header is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(Reason.MALFORMED, file.path(), "header is not UTF-8", e);
        }
        reader.checkLayout();
        return new CheckpointContents(reader.entries, reader.metadata);
    }

    private void header(JsonParser json) throws IOException {
        expect(json, json.nextToken(), JsonToken.START_OBJECT, "the header");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                metadata(json);
            } else if (entries.put(name, tensor(json, name)) != null) {
                throw file.malformed("tensor '" + name + "' stands in the header twice");
            }
        }
        if (json.nextToken() != null) {
            throw file.malformed("something follows the header's closing brace");
        }
    }

    private void metadata(JsonParser json) throws IOException {
        if (!metadata.isEmpty()) {
            throw file.malformed(METADATA + " stands in the header twice");
        }
        expect(json, json.nextToken(), JsonToken.START_OBJECT, METADATA);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            expect(json, json.nextToken(), JsonToken.VALUE_STRING, METADATA + " '" + key + "'");
            if (metadata.put(key, json.getText()) != null) {
                throw file.malformed(METADATA + " '" + key + "' stands in the header twice");
            }
        }
    }

    private TensorEntry tensor(JsonParser json, String name) throws IOException {
        String where = "tensor '" + name + "'";
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        expect(json, json.nextToken(), JsonToken.START_OBJECT, where);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "dtype" -> {
                    once(type, where, key);
                    expect(json, value, JsonToken.VALUE_STRING, where + " dtype");
                    type = json.getText();
                }
                case "shape" -> {
                    once(shape, where, key);
                    shape = numbers(json, value, where + " shape");
                }
                case "data_offsets" -> {
                    once(offsets, where, key);
                    offsets = numbers(json, value, where + " data_offsets");
                }
                default -> throw file.malformed(where + " has the unknown key '" + key + "'");
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw file.malformed("%s needs dtype, shape and two data_offsets, found %s, %s and %s"
                    .formatted(where, type, shape, offsets));
        }
        return entry(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private TensorEntry entry(String name, String typeName, List<Long> shape, long begin, long end) {
        ElementType type = ElementType.ofSafetensors(typeName)
                .orElseThrow(() -> new CheckpointException(
                        Reason.UNSUPPORTED, file.path(), "tensor '" + name + "' has the unknown dtype " + typeName));
        long expected = TensorSize.bytes(type, shape)
                .orElseThrow(() -> file.malformed("tensor '" + name + "' has a size beyond 63 bits: " + shape));
        if (end - begin != expected) {
            throw file.malformed("tensor '%s' of %s %s takes %d bytes, its data_offsets are [%d, %d]"
                    .formatted(name, typeName, shape, expected, begin, end));
        }
        if (end > file.size() - dataStart) {
            throw new CheckpointException(
                    Reason.TRUNCATED,
                    file.path(),
                    "tensor '%s' ends at byte %d of the data, which has %d"
                            .formatted(name, end, file.size() - dataStart));
        }
        FileRange stored = new FileRange(file.path(), dataStart + begin, expected);
        return new TensorEntry(name, type, shape, Optional.of(stored));
    }

    /** The data must be covered from its first byte to its last, each byte once. */
    private void checkLayout() {
        long covered = dataStart;
        List<FileRange> ranges = new ArrayList<>();
        Map<FileRange, String> names = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            ranges.add(entry.stored().orElseThrow());
            names.put(entry.stored().orElseThrow(), name);
        });
        ranges.sort(Comparator.comparingLong(FileRange::offset).thenComparingLong(FileRange::length));
        for (FileRange range : ranges) {
            if (range.offset() != covered) {
                throw file.malformed("tensor '%s' begins at byte %d of the data, expected %d: %s"
                        .formatted(
                                names.get(range),
                                range.offset() - dataStart,
                                covered - dataStart,
                                range.offset() < covered ? "tensors overlap" : "the data has a hole"));
            }
            covered += range.length();
        }
        if (covered != file.size()) {
            throw file.malformed("%d bytes follow the last tensor".formatted(file.size() - covered));
        }
    }

    private List<Long> numbers(JsonParser json, JsonToken token, String where) throws IOException {
        expect(json, token, JsonToken.START_ARRAY, where);
        List<Long> numbers = new ArrayList<>();
        for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
            expect(json, next, JsonToken.VALUE_NUMBER_INT, where);
            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
                throw file.malformed(where + " holds " + json.getText() + ", expected 0 to 2^63 - 1");
            }
            numbers.add(json.getLongValue());
        }
        return numbers;
    }

    private void once(Object earlier, String where, String key) {
        if (earlier != null) {
            throw file.malformed(where + " has '" + key + "' twice");
        }
    }

    private void expect(JsonParser json, JsonToken found, JsonToken expected, String where) {
        if (found != expected) {
            throw file.malformed("%s: expected %s, found %s at character %d of the header"
                    .formatted(
                            where, expected, found, json.currentTokenLocation().getCharOffset()));
        }
    }
}
