package dev.cloakproof.purifier.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.work.Purifications;
import dev.cloakproof.purifier.work.Purifier;
import dev.cloakproof.service.TestPack;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.v1.ListPacksRequest;
import dev.cloakproof.v1.ListPurificationMethodsRequest;
import dev.cloakproof.v1.MethodDescription;
import dev.cloakproof.v1.ModelServiceGrpc;
import dev.cloakproof.v1.Pack;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.PurificationServiceGrpc;
import dev.cloakproof.v1.PurifyRequest;
import dev.cloakproof.v1.PurifyResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service with a pack of tiny random networks. */
@QuarkusTest
@TestProfile(PackedServiceTest.Packed.class)
class PackedServiceTest {
    /** A pack of the x4 upscaler, written before the service starts. */
    public static final class Packed implements QuarkusTestProfile {
        private static final Path PACKS = Path.of("target", "test-packs");

        @Override
        public Map<String, String> getConfigOverrides() {
            new TestPack(PACKS, "tiny")
                    .with(
                            "upscaler",
                            "x4-upscaler",
                            Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "pipeline-x4"))
                    .write();
            return Map.of("cloakproof.packs.folder", PACKS.toString());
        }
    }

    @Inject
    GrpcServer server;

    @Inject
    Purifier purifier;

    @Inject
    Purifications purifications;

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void thePacksMethodsAreListed() {
        List<MethodDescription> methods = PurificationServiceGrpc.newBlockingStub(channel)
                .listPurificationMethods(ListPurificationMethodsRequest.getDefaultInstance())
                .getMethodsList();
        assertThat(methods)
                .filteredOn(MethodDescription::getNeedsPack)
                .extracting(MethodDescription::getMethod)
                .containsExactly("sr", "tvm-sr-sr");
    }

    @Test
    void thePacksNetworkPurifiesAndTheRecordNamesIt() throws IOException {
        PurifyResponse response =
                PurificationServiceGrpc.newBlockingStub(channel).purify(request(2));
        Picture picture =
                PictureReader.DEFAULT.read(response.getPicture().getContent().toByteArray());
        assertThat(picture.width()).isEqualTo(128);
        assertThat(response.getRecord().getPack()).isEqualTo("tiny");
        assertThat(response.getRecord().getPackSha256())
                .isEqualTo(Sha256.of(Packed.PACKS.resolve("tiny").resolve(ModelPack.MANIFEST)));
        assertThat(response.getRecord().getParameters().getPurification().getSettingsMap())
                .containsEntry("steps", 2.0)
                .containsEntry("noise_level", 20.0);
    }

    @Test
    void aCancelledCallStopsBetweenTwoDenoisingSteps() {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Context.CancellableContext call = Context.current().withCancellation();
        call.run(() -> {
            var answer = PurificationServiceGrpc.newFutureStub(channel).purify(request(999));
            answer.addListener(() -> ended.complete(catchThrowable(answer::get)), Runnable::run);
        });
        await().until(() -> purifier.working() > 0);
        call.cancel(null);
        assertThat(Status.fromThrowable(ended.join()).getCode()).isEqualTo(Status.Code.CANCELLED);
        await().until(() -> purifier.working() == 0);
    }

    /** Both workers are held back until all wait, so that they go through the network together. */
    @Test
    void callsThatGoTogetherAreAnsweredAsAlone() throws Exception {
        List<PurifyRequest> requests = List.of(of(1, 3), of(2, 3), of(3, 3), of(4, 3));
        List<Picture> alone = new ArrayList<>();
        for (PurifyRequest request : requests) {
            alone.add(read(PurificationServiceGrpc.newBlockingStub(channel).purify(request)));
        }
        Context.CancellableContext busy = Context.current().withCancellation();
        List<ListenableFuture<PurifyResponse>> together = new ArrayList<>();
        try {
            for (int steps = 998; steps < 1000; steps++) {
                PurifyRequest request = request(steps);
                busy.run(() -> PurificationServiceGrpc.newFutureStub(channel).purify(request));
            }
            await().until(() -> purifier.working() == 2);
            requests.forEach(request ->
                    together.add(PurificationServiceGrpc.newFutureStub(channel).purify(request)));
            await().until(() -> purifications.waiting() == requests.size());
        } finally {
            busy.cancel(null);
        }
        for (int i = 0; i < requests.size(); i++) {
            // Kernels add in another order for another batch: a level of 256 where rounding tips.
            assertThat(largestDifference(read(together.get(i).get()), alone.get(i)))
                    .isLessThanOrEqualTo(1);
        }
        assertThat(largestDifference(alone.get(0), alone.get(1))).isGreaterThan(1);
    }

    @Test
    void thePackIsListedWithItsNetworks() {
        Pack pack = ModelServiceGrpc.newBlockingStub(channel)
                .listPacks(ListPacksRequest.getDefaultInstance())
                .getPacks(0);
        assertThat(pack.getName()).isEqualTo("tiny");
        assertThat(pack.getDefaultPack()).isTrue();
        assertThat(pack.getComplete()).isTrue();
        assertThat(pack.getComponents(0).getComponent()).isEqualTo("upscaler");
        assertThat(pack.getComponents(0).getLoaded()).isTrue();
    }

    @Test
    void aThousandDenoisingStepsAreRefusedBeforeTheWork() {
        Throwable refused = catchThrowable(
                () -> PurificationServiceGrpc.newBlockingStub(channel).purify(request(1000)));
        assertThat(GrpcErrors.fromStatus(refused)).hasValueSatisfying(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.PARAMETER_INVALID);
            assertThat(problem.message()).contains("steps: expected a whole number from 1 to 999, found 1000");
        });
    }

    @Test
    void aMethodWhoseNetworksThePackLacksIsRefused() {
        PurifyRequest codesr = PurifyRequest.newBuilder().setPack("tiny").build();
        Throwable refused = catchThrowable(
                () -> PurificationServiceGrpc.newBlockingStub(channel).purify(codesr));
        assertThat(GrpcErrors.fromStatus(refused))
                .hasValueSatisfying(problem -> assertThat(problem.reason()).isEqualTo(Reason.PACK_MISSING));
    }

    private static Picture read(PurifyResponse response) throws IOException {
        return PictureReader.DEFAULT.read(response.getPicture().getContent().toByteArray());
    }

    private static int largestDifference(Picture a, Picture b) {
        byte[] x = a.rgb();
        byte[] y = b.rgb();
        assertThat(x).hasSameSizeAs(y);
        return IntStream.range(0, x.length)
                .map(i -> Math.abs((x[i] & 0xff) - (y[i] & 0xff)))
                .max()
                .orElseThrow();
    }

    /** A picture and a seed of its own. */
    private static PurifyRequest of(long seed, int steps) {
        byte[] rgb = new byte[40 * 40 * Picture.CHANNELS];
        new Random(seed).nextBytes(rgb);
        return request(Picture.of(40, 40, rgb), seed, steps);
    }

    private static PurifyRequest request(int steps) {
        return request(Picture.of(40, 40, new byte[40 * 40 * Picture.CHANNELS]), 7, steps);
    }

    private static PurifyRequest request(Picture picture, long seed, int steps) {
        return PurifyRequest.newBuilder()
                .setPicture(dev.cloakproof.v1.Picture.newBuilder()
                        .setContent(ByteString.copyFrom(PictureWriter.png(picture))))
                .setParameters(PurificationParameters.newBuilder()
                        .setMethod("sr")
                        .setSeed(seed)
                        .putSettings("steps", steps)
                        .putSettings("input", 32))
                .setPack("tiny")
                .build();
    }
}
