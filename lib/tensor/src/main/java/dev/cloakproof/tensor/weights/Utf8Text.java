package dev.cloakproof.tensor.weights;

import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Text in a file. Left to itself the JSON parser guesses UTF-16 and UTF-32 from zero bytes. */
final class Utf8Text {
    private Utf8Text() {}

    /** Reads the text; bytes that are not UTF-8 are an IOException, the only one there can be. */
    static Reader of(MemorySegment bytes) {
        return new InputStreamReader(
                new ByteBufferBackedInputStream(bytes.asByteBuffer()), StandardCharsets.UTF_8.newDecoder());
    }
}
