package dev.cloakproof.purifier.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.Timestamps;
import dev.cloakproof.inference.InferParameter;
import dev.cloakproof.inference.InferTensorContents;
import dev.cloakproof.inference.ModelInferRequest;
import dev.cloakproof.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.cloakproof.inference.ModelInferResponse;
import dev.cloakproof.inference.ModelInferResponse.InferOutputTensor;
import dev.cloakproof.inference.ModelMetadataResponse.TensorMetadata;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.v1.RequestRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The output tensors: PURIFIED, of the input's data type, and FACES_FOUND, INT32 [n], with -1 where no step looked for
 * faces. The parameter {@code request_record} of the answer says how all pictures were made.
 */
final class InferenceOutputs {
    private static final String PURIFIED = "PURIFIED";
    private static final String FACES_FOUND = "FACES_FOUND";
    private static final List<String> ALL = List.of(PURIFIED, FACES_FOUND);

    /** PURIFIED is UINT8 where the input is. */
    static final List<TensorMetadata> METADATA = List.of(
            TensorMetadata.newBuilder()
                    .setName(PURIFIED)
                    .setDatatype(InferenceInput.FILES)
                    .addShape(-1)
                    .build(),
            TensorMetadata.newBuilder()
                    .setName(FACES_FOUND)
                    .setDatatype("INT32")
                    .addShape(-1)
                    .build());

    private InferenceOutputs() {}

    /**
     * The outputs that a request asks for, in its order.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException PARAMETER_INVALID
     */
    static Set<String> wanted(ModelInferRequest request) {
        Set<String> wanted = new LinkedHashSet<>();
        for (InferRequestedOutputTensor output : request.getOutputsList()) {
            if (!ALL.contains(output.getName()) || output.getParametersCount() > 0 || !wanted.add(output.getName())) {
                throw InferenceInput.invalid(
                        "outputs",
                        "some of " + ALL + ", each once and without parameters",
                        request.getOutputsList().stream()
                                .map(each ->
                                        each.getName() + each.getParametersMap().keySet())
                                .toList()
                                .toString());
            }
        }
        return wanted.isEmpty() ? new LinkedHashSet<>(ALL) : wanted;
    }

    static ModelInferResponse write(
            ModelInferRequest request,
            Plan plan,
            InferenceInput given,
            Set<String> wanted,
            List<InferredPicture> pictures) {
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setModelVersion(plan.pack().name())
                .setId(request.getId())
                .putParameters(
                        "request_record",
                        InferParameter.newBuilder()
                                .setStringParam(RequestRecords.json(record(pictures)))
                                .build());
        for (String output : wanted) {
            InferOutputTensor.Builder tensor = InferOutputTensor.newBuilder().setName(output);
            if (output.equals(PURIFIED)) {
                purified(tensor, given, pictures, response);
            } else {
                faces(tensor, given, pictures, response);
            }
            response.addOutputs(tensor);
        }
        return response.build();
    }

    private static void purified(
            InferOutputTensor.Builder tensor,
            InferenceInput given,
            List<InferredPicture> pictures,
            ModelInferResponse.Builder response) {
        tensor.addShape(pictures.size());
        if (given.encoded()) {
            tensor.setDatatype(InferenceInput.FILES);
        } else {
            requireSameSize(pictures);
            tensor.setDatatype(InferenceInput.SAMPLES)
                    .addShape(pictures.getFirst().height())
                    .addShape(pictures.getFirst().width())
                    .addShape(Picture.CHANNELS);
        }
        ByteString raw = ByteString.EMPTY;
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (InferredPicture picture : pictures) {
            if (given.raw()) {
                ByteString length =
                        given.encoded() ? littleEndian(picture.content().size()) : ByteString.EMPTY;
                raw = raw.concat(length).concat(picture.content());
            } else if (given.encoded()) {
                contents.addBytesContents(picture.content());
            } else {
                picture.content().forEach(sample -> contents.addUintContents(sample & 0xff));
            }
        }
        put(tensor, given, raw, contents, response);
    }

    private static void faces(
            InferOutputTensor.Builder tensor,
            InferenceInput given,
            List<InferredPicture> pictures,
            ModelInferResponse.Builder response) {
        tensor.setDatatype("INT32").addShape(pictures.size());
        List<Integer> faces = pictures.stream().map(InferredPicture::faces).toList();
        put(
                tensor,
                given,
                ByteString.copyFrom(
                        faces.stream().map(InferenceOutputs::littleEndian).toList()),
                InferTensorContents.newBuilder().addAllIntContents(faces),
                response);
    }

    /** Either all tensors are raw or none is. */
    private static void put(
            InferOutputTensor.Builder tensor,
            InferenceInput given,
            ByteString raw,
            InferTensorContents.Builder contents,
            ModelInferResponse.Builder response) {
        if (given.raw()) {
            response.addRawOutputContents(raw);
        } else {
            tensor.setContents(contents);
        }
    }

    private static ByteString littleEndian(int number) {
        return UnsafeByteOperations.unsafeWrap(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, number));
    }

    /** They were of one size and went the same way. */
    private static void requireSameSize(List<InferredPicture> pictures) {
        InferredPicture first = pictures.getFirst();
        for (InferredPicture picture : pictures) {
            if (picture.width() != first.width() || picture.height() != first.height()) {
                throw new IllegalStateException("pictures of one size became " + first.width() + "x" + first.height()
                        + " and " + picture.width() + "x" + picture.height());
            }
        }
    }

    /** They differ in the input and in the time alone. */
    private static RequestRecord record(List<InferredPicture> pictures) {
        RequestRecord.Builder all = pictures.getFirst().record().toBuilder()
                .setStartTime(times(pictures, RequestRecord::getStartTime)
                        .min(Timestamps.comparator())
                        .orElseThrow())
                .setEndTime(times(pictures, RequestRecord::getEndTime)
                        .max(Timestamps.comparator())
                        .orElseThrow());
        pictures.stream()
                .skip(1)
                .forEach(picture -> all.addAllInputs(picture.record().getInputsList()));
        return all.build();
    }

    private static Stream<Timestamp> times(List<InferredPicture> pictures, Function<RequestRecord, Timestamp> time) {
        return pictures.stream().map(picture -> time.apply(picture.record()));
    }
}
