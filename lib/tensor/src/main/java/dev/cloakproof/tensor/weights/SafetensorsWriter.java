package dev.cloakproof.tensor.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.cloakproof.tensor.file.AtomicFile;
import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes safetensors files laid out as the Python library lays them out: the widest element types first, names in order
 * within a type, the header padded with spaces to a multiple of 8 bytes.
 *
 * <p>Data passes through one tensor at a time, so a checkpoint larger than the heap can be written. Source: safetensors,
 * {@code prepare} in {@code safetensors/src/tensor.rs}.
 */
public final class SafetensorsWriter {
    /**
     * A tensor to write.
     *
     * @param name unique in the file, not {@code __metadata__}
     * @param type of its elements
     * @param shape sides from the outermost; empty for a scalar
     * @param bytes gives the elements when their turn has come: row-major, contiguous, little endian. Asked once.
     *     {@link MemorySegment#ofBuffer} and {@link MemorySegment#ofArray(byte[])} wrap other kinds.
     */
    public record Tensor(String name, ElementType type, List<Long> shape, Supplier<MemorySegment> bytes) {
        public Tensor {
            shape = List.copyOf(shape);
            if (TensorSize.bytes(type, shape).isEmpty()) {
                throw new IllegalArgumentException("tensor '" + name + "' has the impossible shape " + shape);
            }
        }

        long byteLength() {
            return TensorSize.bytes(type, shape).orElseThrow();
        }
    }

    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;

    /** Bytes handed to the channel at a time: it copies heap memory through a buffer of that size. */
    private static final long CHUNK = 1 << 22;

    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /**
     * Writes a file in one step: readers see the old file or the new one.
     *
     * @param metadata said in the header beside the tensors; may be empty
     * @throws CheckpointException with {@link Reason#IO} if writing fails; the old file then stays
     * @throws IllegalArgumentException if a name comes twice or is reserved, or a supplier's bytes do not fit its shape
     */
    public static void write(Path file, List<Tensor> tensors, Map<String, String> metadata) {
        List<Tensor> ordered = tensors.stream()
                .sorted(Comparator.comparing(Tensor::type).thenComparing(Tensor::name))
                .toList();
        checkNames(ordered);
        try {
            byte[] header = header(ordered, metadata);
            if (header.length > SafetensorsReader.MAX_HEADER_LENGTH) {
                throw new IllegalArgumentException("a header of " + header.length + " bytes could not be read again");
            }
            AtomicFile.write(file, channel -> {
                ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                writeFully(channel, length.putLong(header.length).flip());
                writeFully(channel, ByteBuffer.wrap(header));
                for (Tensor tensor : ordered) {
                    write(channel, tensor);
                }
            });
        } catch (IOException e) {
            throw new CheckpointException(Reason.IO, file, "cannot be written: " + e.getMessage(), e);
        }
    }

    private static void checkNames(List<Tensor> tensors) {
        Set<String> names = new HashSet<>(Set.of(METADATA));
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("the name '" + tensor.name() + "' is taken");
            }
        }
    }

    private static byte[] header(List<Tensor> tensors, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (Tensor tensor : tensors) {
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", tensor.type().safetensorsName());
                json.writeFieldName("shape");
                writeNumbers(json, tensor.shape());
                json.writeFieldName("data_offsets");
                long end = Math.addExact(offset, tensor.byteLength());
                writeNumbers(json, List.of(offset, end));
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static void writeNumbers(JsonGenerator json, List<Long> numbers) throws IOException {
        json.writeStartArray();
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    private static void write(FileChannel channel, Tensor tensor) throws IOException {
        MemorySegment bytes = tensor.bytes().get();
        if (bytes.byteSize() != tensor.byteLength()) {
            throw new IllegalArgumentException("tensor '%s' of %s %s takes %d bytes, was given %d"
                    .formatted(tensor.name(), tensor.type(), tensor.shape(), tensor.byteLength(), bytes.byteSize()));
        }
        for (long offset = 0; offset < bytes.byteSize(); offset += CHUNK) {
            long length = Math.min(CHUNK, bytes.byteSize() - offset);
            writeFully(channel, bytes.asSlice(offset, length).asByteBuffer());
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
