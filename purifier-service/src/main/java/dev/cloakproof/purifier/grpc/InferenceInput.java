package dev.cloakproof.purifier.grpc;

import com.google.protobuf.ByteString;
import dev.cloakproof.inference.InferTensorContents;
import dev.cloakproof.inference.ModelInferRequest;
import dev.cloakproof.inference.ModelInferRequest.InferInputTensor;
import dev.cloakproof.inference.ModelMetadataResponse.TensorMetadata;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.work.Input;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The one input tensor, IMAGES: BYTES [n], each element an encoded picture, or UINT8 [n, height, width, 3].
 *
 * @param pictures 1 or more
 * @param encoded whether the elements are files
 * @param raw whether they came as raw bytes; the answer then is raw, too
 */
record InferenceInput(List<Input> pictures, boolean encoded, boolean raw) {
    static final String NAME = "IMAGES";
    static final String FILES = "BYTES";
    static final String SAMPLES = "UINT8";

    /** The protocol has room for one data type; UINT8 is taken as well. */
    static final TensorMetadata METADATA = TensorMetadata.newBuilder()
            .setName(NAME)
            .setDatatype(FILES)
            .addShape(-1)
            .build();

    private static final int LARGEST_SIDE = StoredPictures.READER.limits().maxSide();

    /**
     * @param most pictures that may come together
     * @throws CloakproofException PARAMETER_INVALID, or PAYLOAD_TOO_LARGE for more pictures than that
     */
    static InferenceInput read(ModelInferRequest request, int most) {
        if (request.getInputsCount() != 1 || !request.getInputs(0).getName().equals(NAME)) {
            List<String> names = request.getInputsList().stream()
                    .map(InferInputTensor::getName)
                    .toList();
            throw invalid("inputs", "one tensor, " + NAME, names.toString());
        }
        InferInputTensor tensor = request.getInputs(0);
        if (tensor.getParametersCount() > 0) {
            // Such as a region of shared memory: ignoring it would purify something else.
            throw invalid(
                    "inputs[0].parameters",
                    "none",
                    tensor.getParametersMap().keySet().toString());
        }
        boolean raw = request.getRawInputContentsCount() > 0;
        if (raw && (request.getRawInputContentsCount() > 1 || tensor.hasContents())) {
            throw invalid(
                    "raw_input_contents",
                    "the elements of " + NAME + ", and nothing in its contents",
                    request.getRawInputContentsCount() + " of them" + (tensor.hasContents() ? " beside contents" : ""));
        }
        List<Input> pictures =
                switch (tensor.getDatatype()) {
                    case FILES ->
                        raw
                                ? files(shape(tensor, most), request.getRawInputContents(0))
                                : files(
                                        shape(tensor, most),
                                        tensor.getContents().getBytesContentsList());
                    case SAMPLES ->
                        samples(
                                shape(tensor, most),
                                raw ? request.getRawInputContents(0) : narrowed(tensor.getContents()));
                    default -> throw invalid("inputs[0].datatype", FILES + " or " + SAMPLES, tensor.getDatatype());
                };
        return new InferenceInput(pictures, tensor.getDatatype().equals(FILES), raw);
    }

    private static List<Long> shape(InferInputTensor tensor, int most) {
        List<Long> shape = tensor.getShapeList();
        boolean fits = tensor.getDatatype().equals(FILES)
                ? shape.size() == 1
                : shape.size() == 4 && side(shape.get(1)) && side(shape.get(2)) && shape.get(3) == Picture.CHANNELS;
        if (!fits || shape.getFirst() < 1) {
            String expected = tensor.getDatatype().equals(FILES)
                    ? "[n]"
                    : "[n, height, width, 3] with sides of 1 to " + LARGEST_SIDE;
            throw invalid("inputs[0].shape", expected + " and n of 1 or more", shape.toString());
        }
        if (shape.getFirst() > most) {
            throw Reason.PAYLOAD_TOO_LARGE
                    .problem("expected at most " + most + " pictures at once, found " + shape.getFirst())
                    .with("maximum", most)
                    .with("found", shape.getFirst())
                    .exception();
        }
        return shape;
    }

    private static boolean side(long pixels) {
        return pixels >= 1 && pixels <= LARGEST_SIDE;
    }

    private static List<Input> files(List<Long> shape, List<ByteString> contents) {
        if (contents.size() != shape.getFirst()) {
            throw invalid(
                    "inputs[0].contents.bytes_contents",
                    shape.getFirst() + " elements",
                    String.valueOf(contents.size()));
        }
        List<Input> files = new ArrayList<>();
        contents.forEach(content -> files.add(new Input.Encoded(content.toByteArray())));
        return files;
    }

    /** Each element is its length as 4 bytes, little-endian, then its bytes. */
    private static List<Input> files(List<Long> shape, ByteString raw) {
        ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Input> files = new ArrayList<>();
        while (bytes.hasRemaining() && files.size() < shape.getFirst()) {
            long length = bytes.remaining() < Integer.BYTES ? Long.MAX_VALUE : Integer.toUnsignedLong(bytes.getInt());
            if (length > bytes.remaining()) {
                throw invalid(
                        "raw_input_contents[0]",
                        "each element's length as 4 bytes, little-endian, and then its bytes",
                        bytes.remaining() + " bytes for element " + files.size());
            }
            byte[] file = new byte[(int) length];
            bytes.get(file);
            files.add(new Input.Encoded(file));
        }
        if (bytes.hasRemaining() || files.size() < shape.getFirst()) {
            throw invalid(
                    "raw_input_contents[0]",
                    shape.getFirst() + " elements",
                    files.size() + " of them and " + bytes.remaining() + " bytes more");
        }
        return files;
    }

    private static List<Input> samples(List<Long> shape, ByteString samples) {
        int height = Math.toIntExact(shape.get(1));
        int width = Math.toIntExact(shape.get(2));
        int each = height * width * Picture.CHANNELS; // at most 4096 * 4096 * 3
        if (samples.size() != shape.getFirst() * each) {
            throw invalid(
                    "inputs[0]", shape.getFirst() * each + " samples for the shape " + shape, samples.size() + "");
        }
        List<Input> pictures = new ArrayList<>();
        for (int begin = 0; begin < samples.size(); begin += each) {
            pictures.add(new Input.Samples(
                    width, height, samples.substring(begin, begin + each).toByteArray()));
        }
        return pictures;
    }

    private static ByteString narrowed(InferTensorContents contents) {
        byte[] samples = new byte[contents.getUintContentsCount()];
        for (int i = 0; i < samples.length; i++) {
            int sample = contents.getUintContents(i);
            if (sample < 0 || sample > 255) {
                throw invalid(
                        "inputs[0].contents.uint_contents", "samples of 0 to 255", Integer.toUnsignedString(sample));
            }
            samples[i] = (byte) sample;
        }
        return ByteString.copyFrom(samples);
    }

    static CloakproofException invalid(String field, String expected, String found) {
        return Reason.PARAMETER_INVALID
                .problem(field + ": expected " + expected + ", found " + found)
                .at(field, "expected " + expected)
                .exception();
    }
}
