package dev.cloakproof.purifier.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.cloakproof.inference.GRPCInferenceServiceGrpc;
import dev.cloakproof.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.cloakproof.inference.InferParameter;
import dev.cloakproof.inference.InferTensorContents;
import dev.cloakproof.inference.ModelInferRequest;
import dev.cloakproof.inference.ModelInferRequest.InferInputTensor;
import dev.cloakproof.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.cloakproof.inference.ModelInferResponse;
import dev.cloakproof.inference.ModelInferResponse.InferOutputTensor;
import dev.cloakproof.inference.ModelMetadataRequest;
import dev.cloakproof.inference.ModelMetadataResponse;
import dev.cloakproof.inference.ModelMetadataResponse.TensorMetadata;
import dev.cloakproof.inference.ModelReadyRequest;
import dev.cloakproof.inference.ServerLiveRequest;
import dev.cloakproof.inference.ServerMetadataRequest;
import dev.cloakproof.inference.ServerReadyRequest;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.purify.Methods;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.PurificationWatch;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.PngText;
import dev.cloakproof.v1.RequestRecord;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The started service, called by the Open Inference Protocol, by callers that it knows. */
@QuarkusTest
@TestProfile(InferenceTest.Guarded.class)
class InferenceTest {
    private static final String PURIFIES = UUID.randomUUID().toString();
    private static final String LOOKS_ON = UUID.randomUUID().toString();

    /** One caller may purify, and another may not. */
    public static final class Guarded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path folder = Files.createDirectories(Path.of("target", "inference"));
                Path callers = Files.writeString(
                        folder.resolve("callers.json"), """
                        {"callers": [
                          {"name": "anna", "token_sha256": "%s", "roles": ["cloakproof-purify", "cloakproof-view"]},
                          {"name": "berta", "token_sha256": "%s", "roles": ["cloakproof-view"]}]}
                        """.formatted(sha256(PURIFIES), sha256(LOOKS_ON)));
                return Map.of("cloakproof.security.callers", callers.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String sha256(String token) {
            return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Inject
    GrpcServer server;

    private ManagedChannel channel;
    private GRPCInferenceServiceBlockingStub client;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
        client = as(PURIFIES);
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    private GRPCInferenceServiceBlockingStub as(String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return GRPCInferenceServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    @Test
    void aMethodIsAModel() {
        assertThat(client.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(client.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("purifier");
        assertThat(ready("gaussian")).isTrue();
        assertThat(ready("codesr")).as("needs a pack").isFalse();
        assertThat(ready("magic")).isFalse();
        ModelMetadataResponse jpeg = client.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("jpeg").build());
        assertThat(jpeg.getInputsList()).extracting(TensorMetadata::getName).containsExactly("IMAGES");
        assertThat(jpeg.getInputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(jpeg.getOutputsList())
                .extracting(TensorMetadata::getName)
                .containsExactly("PURIFIED", "FACES_FOUND");
    }

    private boolean ready(String model) {
        return client.modelReady(ModelReadyRequest.newBuilder().setName(model).build())
                .getReady();
    }

    @Test
    void encodedPicturesComeBackAsPngWithTheirRecord() throws Exception {
        Picture first = picture(1, 48, 32);
        Picture second = picture(2, 20, 24);
        ByteString contents = element(PictureWriter.png(first)).concat(element(PictureWriter.png(second)));
        ModelInferResponse response = client.modelInfer(request("gaussian", files(2))
                .setId("me")
                .putParameters(
                        "kernel", InferParameter.newBuilder().setInt64Param(7).build())
                .putParameters(
                        "sigma",
                        InferParameter.newBuilder().setStringParam("1.5").build())
                .putParameters(
                        "seed", InferParameter.newBuilder().setUint64Param(3).build())
                .addRawInputContents(contents)
                .build());

        assertThat(response.getId()).isEqualTo("me");
        assertThat(response.getModelName()).isEqualTo("gaussian");
        assertThat(response.getOutputsList())
                .extracting(InferOutputTensor::getName)
                .containsExactly("PURIFIED", "FACES_FOUND");
        assertThat(response.getOutputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(2L);
        ByteBuffer raw = response.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        byte[] firstPng = element(raw);
        byte[] secondPng = element(raw);
        assertThat(raw.hasRemaining()).isFalse();
        assertThat(PictureReader.DEFAULT.read(firstPng)).isEqualTo(purified("gaussian(kernel=7, sigma=1.5)", first));
        assertThat(PictureReader.DEFAULT.read(secondPng)).isEqualTo(purified("gaussian(kernel=7, sigma=1.5)", second));
        ByteBuffer faces =
                response.getRawOutputContents(1).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(List.of(faces.getInt(), faces.getInt())).containsExactly(-1, -1);

        RequestRecord of = record(PngText.read(firstPng).get("cloakproof"));
        assertThat(of.getSeedsMap()).containsEntry("purification", 3L);
        assertThat(of.getInputsList())
                .extracting(blob -> blob.getSha256())
                .containsExactly(Sha256.of(PictureWriter.png(first)));
        RequestRecord ofBoth =
                record(response.getParametersOrThrow("request_record").getStringParam());
        assertThat(ofBoth.getInputsCount()).isEqualTo(2);
        assertThat(ofBoth.getParameters()).isEqualTo(of.getParameters());
    }

    @Test
    void rawSamplesComeBackAsSamples() {
        Picture first = picture(3, 40, 24);
        Picture second = picture(4, 40, 24);
        ModelInferResponse response = client.modelInfer(request("gaussian | jpeg", samples(2, 24, 40, 3))
                .addRawInputContents(ByteString.copyFrom(first.rgb()).concat(ByteString.copyFrom(second.rgb())))
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("PURIFIED"))
                .build());
        assertThat(response.getOutputsList()).hasSize(1);
        assertThat(response.getOutputs(0).getDatatype()).isEqualTo("UINT8");
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(2L, 24L, 40L, 3L);
        assertThat(response.getRawOutputContents(0))
                .isEqualTo(
                        ByteString.copyFrom(purified("gaussian | jpeg", first).rgb())
                                .concat(ByteString.copyFrom(
                                        purified("gaussian | jpeg", second).rgb())));
    }

    @Test
    void typedContentsAreAnsweredByTypedContents() {
        Picture picture = picture(5, 6, 4);
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (byte sample : picture.rgb()) {
            contents.addUintContents(sample & 0xff);
        }
        ModelInferResponse samples = client.modelInfer(
                request("none", samples(1, 4, 6, 3).setContents(contents)).build());
        assertThat(samples.getRawOutputContentsCount()).isZero();
        assertThat(samples.getOutputs(0).getContents().getUintContentsList()).isEqualTo(contents.getUintContentsList());
        assertThat(samples.getOutputs(1).getContents().getIntContentsList()).containsExactly(-1);

        ModelInferResponse file = client.modelInfer(request(
                        "none",
                        files(1).setContents(InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFrom(PictureWriter.png(picture)))))
                .build());
        assertThat(PictureReader.DEFAULT.read(
                        file.getOutputs(0).getContents().getBytesContents(0).toByteArray()))
                .isEqualTo(picture);
    }

    @Test
    void tensorsThatAreNotAsDescribedAreRefused() {
        ByteString twelve = ByteString.copyFrom(new byte[12]);
        ByteString png = element(PictureWriter.png(picture(6, 8, 8)));
        for (ModelInferRequest.Builder wrong : List.of(
                request("none", samples(1, 2, 2, 4)).addRawInputContents(twelve),
                request("none", samples(2, 2, 3)).addRawInputContents(twelve),
                request("none", samples(1, 2, 3, 3)).addRawInputContents(twelve),
                request("none", samples(0, 2, 2, 3)).addRawInputContents(ByteString.EMPTY),
                request("none", samples(1, 1, 1L << 32, 3)).addRawInputContents(twelve),
                request("none", samples(1, 2, 2, 3)),
                request(
                        "none",
                        samples(1, 1, 1, 3)
                                .setContents(InferTensorContents.newBuilder().addAllUintContents(List.of(0, 1, 256)))),
                request("none", samples(1, 2, 2, 3).setDatatype("FP32")).addRawInputContents(twelve),
                request("none", samples(1, 2, 2, 3).setName("INPUT0")).addRawInputContents(twelve),
                request("none", samples(1, 2, 2, 3))
                        .addInputs(samples(1, 2, 2, 3))
                        .addRawInputContents(twelve),
                request("none", files(2)).addRawInputContents(png),
                request("none", files(1)).addRawInputContents(png.concat(png)),
                request("none", files(1)).addRawInputContents(png.substring(0, 20)),
                request("none", files(1)).addRawInputContents(png.substring(0, 3)),
                request("none", files(1, 1)).addRawInputContents(png),
                request("none", files(1)).addRawInputContents(png).addRawInputContents(png),
                request("none", files(1))
                        .addRawInputContents(png)
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("SCORES")),
                request("none", files(1))
                        .addRawInputContents(png)
                        .putParameters(
                                "size",
                                InferParameter.newBuilder().setInt64Param(1).build()),
                request("gaussian", files(1))
                        .addRawInputContents(png)
                        .putParameters(
                                "kernel",
                                InferParameter.newBuilder()
                                        .setStringParam("odd")
                                        .build()),
                request("none", files(1))
                        .addRawInputContents(png)
                        .putParameters(
                                "seed",
                                InferParameter.newBuilder().setInt64Param(-1).build()),
                request("none", files(1))
                        .addRawInputContents(png)
                        .putParameters(
                                "preset",
                                InferParameter.newBuilder()
                                        .setStringParam("best")
                                        .build()))) {
            Problem problem = refused(client, wrong.build(), Status.Code.INVALID_ARGUMENT);
            assertThat(problem.reason()).as(wrong.toString()).isEqualTo(Reason.PARAMETER_INVALID);
            assertThat(problem.violations()).as(wrong.toString()).hasSize(1);
        }
    }

    @Test
    void whatThereIsNotIsToldByTheFieldsOfThisProtocol() {
        ByteString png = element(PictureWriter.png(picture(7, 8, 8)));
        Problem method = refused(
                client, request("magic", files(1)).addRawInputContents(png).build(), Status.Code.INVALID_ARGUMENT);
        assertThat(method.reason()).isEqualTo(Reason.METHOD_UNKNOWN);
        assertThat(method.violations().getFirst().field()).isEqualTo("model_name");
        assertThat(refused(
                                client,
                                request("", files(1)).addRawInputContents(png).build(),
                                Status.Code.INVALID_ARGUMENT)
                        .reason())
                .isEqualTo(Reason.METHOD_UNKNOWN);
        Problem pack = refused(
                client,
                request("none", files(1))
                        .setModelVersion("sd21")
                        .addRawInputContents(png)
                        .build(),
                Status.Code.FAILED_PRECONDITION);
        assertThat(pack.reason()).isEqualTo(Reason.PACK_MISSING);
        assertThat(pack.violations().getFirst().field()).isEqualTo("model_version");
        assertThat(refused(
                                client,
                                request("gaussian", files(1))
                                        .addRawInputContents(png)
                                        .putParameters(
                                                "kernel",
                                                InferParameter.newBuilder()
                                                        .setInt64Param(256)
                                                        .build())
                                        .build(),
                                Status.Code.INVALID_ARGUMENT)
                        .violations()
                        .getFirst()
                        .field())
                .isEqualTo("parameters.kernel");
    }

    @Test
    void oneBadPictureIsNamedAndFailsAll() {
        ByteString contents = element(PictureWriter.png(picture(8, 8, 8))).concat(element(new byte[] {1, 2, 3}));
        Problem problem = refused(
                client, request("none", files(2)).addRawInputContents(contents).build(), Status.Code.INVALID_ARGUMENT);
        assertThat(problem.reason()).isEqualTo(Reason.PICTURE_INVALID);
        assertThat(problem.message()).startsWith("IMAGES[1]: ");
        assertThat(refused(
                                client,
                                request("none", samples(17, 1, 1, 3))
                                        .addRawInputContents(ByteString.copyFrom(new byte[51]))
                                        .build(),
                                Status.Code.RESOURCE_EXHAUSTED)
                        .reason())
                .as("more than the queue has room for")
                .isEqualTo(Reason.PAYLOAD_TOO_LARGE);
    }

    @Test
    void onlyWhoMayPurifyInfers() {
        ModelInferRequest request = request("none", samples(1, 1, 1, 3))
                .addRawInputContents(ByteString.copyFrom(new byte[3]))
                .build();
        assertThat(client.modelInfer(request).getRawOutputContents(0)).isEqualTo(ByteString.copyFrom(new byte[3]));
        assertThat(as(LOOKS_ON)
                        .serverLive(ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
        assertThat(refused(as(LOOKS_ON), request, Status.Code.PERMISSION_DENIED).reason())
                .isEqualTo(Reason.ROLE_MISSING);
        assertThat(refused(as("guessed"), request, Status.Code.UNAUTHENTICATED).reason())
                .isEqualTo(Reason.CREDENTIALS_INVALID);
        GRPCInferenceServiceBlockingStub nobody = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        assertThat(refused(nobody, request, Status.Code.UNAUTHENTICATED).reason())
                .isEqualTo(Reason.CREDENTIALS_INVALID);
    }

    private static Problem refused(
            GRPCInferenceServiceBlockingStub client, ModelInferRequest request, Status.Code code) {
        Throwable refused = catchThrowable(() -> client.modelInfer(request));
        assertThat(refused).as(request.toString()).isNotNull();
        assertThat(Status.fromThrowable(refused).getCode())
                .as(request.toString())
                .isEqualTo(code);
        return GrpcErrors.fromStatus(refused).orElseThrow(() -> new AssertionError(refused));
    }

    private static ModelInferRequest.Builder request(String model, InferInputTensor.Builder input) {
        return ModelInferRequest.newBuilder().setModelName(model).addInputs(input);
    }

    private static InferInputTensor.Builder files(long... shape) {
        return tensor("BYTES", shape);
    }

    private static InferInputTensor.Builder samples(long... shape) {
        return tensor("UINT8", shape);
    }

    private static InferInputTensor.Builder tensor(String type, long... shape) {
        InferInputTensor.Builder tensor =
                InferInputTensor.newBuilder().setName("IMAGES").setDatatype(type);
        for (long size : shape) {
            tensor.addShape(size);
        }
        return tensor;
    }

    private static ByteString element(byte[] bytes) {
        ByteBuffer length =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, bytes.length);
        return ByteString.copyFrom(length).concat(ByteString.copyFrom(bytes));
    }

    private static byte[] element(ByteBuffer raw) {
        byte[] bytes = new byte[raw.getInt()];
        raw.get(bytes);
        return bytes;
    }

    private static RequestRecord record(String json) throws Exception {
        RequestRecord.Builder record = RequestRecord.newBuilder();
        JsonFormat.parser().merge(json, record);
        return record.build();
    }

    private static Picture purified(String chain, Picture picture) {
        return Methods.catalogue(null, null)
                .parse(chain, Preset.PAPER)
                .run(picture, new PurificationRun(0, "person", PurificationWatch.NONE))
                .picture();
    }

    private static Picture picture(long seed, int width, int height) {
        byte[] rgb = new byte[width * height * Picture.CHANNELS];
        new Random(seed).nextBytes(rgb);
        return Picture.of(width, height, rgb);
    }
}
