package dev.cloakproof.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.work.WorkContext;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.StoredModels;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.tensor.image.PngText;
import dev.cloakproof.trainer.Fixtures;
import dev.cloakproof.trainer.TinyPack;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.BlobReference;
import dev.cloakproof.v1.CancelTrainingRequest;
import dev.cloakproof.v1.CreateProtectionRequest;
import dev.cloakproof.v1.CreateTrainingRequest;
import dev.cloakproof.v1.GetTrainingRequest;
import dev.cloakproof.v1.ListProtectionMethodsRequest;
import dev.cloakproof.v1.ListTrainingsRequest;
import dev.cloakproof.v1.MethodDescription;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Protection;
import dev.cloakproof.v1.ProtectionParameters;
import dev.cloakproof.v1.ProtectionServiceGrpc;
import dev.cloakproof.v1.ProtectionServiceGrpc.ProtectionServiceBlockingStub;
import dev.cloakproof.v1.Training;
import dev.cloakproof.v1.TrainingParameters;
import dev.cloakproof.v1.TrainingServiceGrpc;
import dev.cloakproof.v1.TrainingServiceGrpc.TrainingServiceBlockingStub;
import dev.cloakproof.v1.WatchProtectionRequest;
import dev.cloakproof.v1.WatchTrainingRequest;
import dev.cloakproof.v1.WatchTrainingResponse;
import dev.cloakproof.v1.WorkState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trainings and protections asked for over gRPC, without a broker. */
@QuarkusTest
@TestProfile(TinyPack.class)
class JobServicesTest {
    @Inject
    GrpcServer server;

    @Inject
    StoredPictures pictures;

    @Inject
    StoredModels models;

    @Inject
    BlobStore blobs;

    private ManagedChannel channel;
    private TrainingServiceBlockingStub trainings;
    private ProtectionServiceBlockingStub protections;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        trainings = TrainingServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
        protections = ProtectionServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void aTrainingIsWatchedFromTheQueueToItsModel() {
        Training queued = create(CreateTrainingRequest.newBuilder().setTraining(training(TinyPack.STEPS)));
        assertThat(queued.getName()).startsWith("trainings/");
        List<Training> seen = new ArrayList<>();
        Iterator<WatchTrainingResponse> watch = trainings.watchTraining(
                WatchTrainingRequest.newBuilder().setName(queued.getName()).build());
        watch.forEachRemaining(response -> seen.add(response.getTraining()));

        Training done = seen.getLast();
        assertThat(done.getState()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
        assertThat(seen).extracting(Training::getState).isSorted();
        assertThat(done.getProgress().getStep()).isEqualTo(done.getProgress().getTotalSteps());
        assertThat(models.manifest(References.blob(done.getModel())).pack()).isEqualTo("tiny");
        assertThat(blobs.holds(References.blob(done.getCurve()))).isTrue();
        assertThat(done.getRecord().getInputsCount()).isEqualTo(3);
        assertThat(done.getRecord().getParameters().getTraining().getSteps()).isEqualTo(TinyPack.STEPS);
        assertThat(get(done.getName())).isEqualTo(done);
        assertThat(trainings
                        .listTrainings(ListTrainingsRequest.newBuilder()
                                .setSubject("anna")
                                .build())
                        .getTrainingsList())
                .contains(done);
    }

    @Test
    void aRunningTrainingIsCancelledWithinAStep() {
        Training endless = create(CreateTrainingRequest.newBuilder().setTraining(training(100_000)));
        await().until(() -> get(endless.getName()).getProgress().getStep() > TinyPack.CLASS_PICTURES);
        trainings.cancelTraining(
                CancelTrainingRequest.newBuilder().setName(endless.getName()).build());
        await().until(() -> get(endless.getName()).getState() == WorkState.WORK_STATE_CANCELLED);
        assertRefused(
                Reason.STATE_FINAL,
                () -> trainings.cancelTraining(CancelTrainingRequest.newBuilder()
                        .setName(endless.getName())
                        .build()));
    }

    @Test
    void aRepeatedRequestIsTheSameTrainingAndACheckIsNone() {
        String request = UUID.randomUUID().toString();
        CreateTrainingRequest.Builder once =
                CreateTrainingRequest.newBuilder().setTraining(training(1)).setRequestId(request);
        assertThat(create(once).getName()).isEqualTo(create(once).getName());
        assertThat(create(once.clone().setValidateOnly(true)).getName()).isEmpty();
    }

    @Test
    void whatCannotBeTrainedIsRefusedAtOnce() {
        Training good = training(1);
        assertRefused(Reason.AUTHORIZATION_MISSING, good.toBuilder().clearAuthorization());
        assertRefused(Reason.PARAMETER_INVALID, good.toBuilder().setSubject("Anna"));
        assertRefused(Reason.PARAMETER_INVALID, good.toBuilder().clearPictures());
        assertRefused(
                Reason.PARAMETER_INVALID,
                good.toBuilder().setParameters(TrainingParameters.newBuilder().setLearningRate(2)));
        assertRefused(
                Reason.BLOB_MISSING,
                good.toBuilder()
                        .addPictures(PictureReference.newBuilder()
                                .setBlob(BlobReference.newBuilder().setSha256("0".repeat(64)))));
        assertRefused(Reason.PACK_MISSING, good.toBuilder().setPack("sd21"));
        assertRefused(Reason.NOT_FOUND, () -> get("trainings/none"));
        assertRefused(
                Reason.NOT_FOUND,
                () -> trainings
                        .watchTraining(WatchTrainingRequest.newBuilder()
                                .setName("trainings/none")
                                .build())
                        .next());
    }

    @Test
    void protectedPicturesStayWithinTheBudget() {
        for (String method : List.of("advdm", "aspl", "photoguard")) {
            ProtectionParameters.Builder parameters = ProtectionParameters.newBuilder()
                    .setMethod(method)
                    .setBudget(4)
                    .putSettings("steps", 2);
            if (method.equals("aspl")) {
                parameters.putSettings("rounds", 1).putSettings("class_pictures", 2);
            }
            Protection done = protect(parameters);
            assertThat(done.getState()).as(done.getFailure().getMessage()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
            assertThat(done.getProtectedPicturesCount()).isEqualTo(3);
            assertThat(done.getRecord().getProtection().getSettingsMap()).containsEntry("step_size", 1.0);
            assertThat(PngText.read(pictures.encoded(done.getProtectedPictures(0))))
                    .containsKey("cloakproof");
            assertThat(largestChange(pictures.read(done.getPictures(0)), pictures.read(done.getProtectedPictures(0))))
                    .as(method)
                    .isBetween(1, 4);
        }
    }

    @Test
    void theProtectionsAreListedAndOthersRefused() {
        List<MethodDescription> methods = protections
                .listProtectionMethods(ListProtectionMethodsRequest.getDefaultInstance())
                .getMethodsList();
        assertThat(methods)
                .extracting(MethodDescription::getMethod)
                .containsExactly("advdm", "aspl", "fsmg", "photoguard");
        assertThat(methods.get(1).getSettings(0).getDefaultsMap()).containsEntry("paper", 50.0);
        for (ProtectionParameters.Builder wrong : List.of(
                ProtectionParameters.newBuilder().setMethod("glaze"),
                ProtectionParameters.newBuilder().putSettings("speed", 1),
                ProtectionParameters.newBuilder().putSettings("steps", 1.5),
                ProtectionParameters.newBuilder().setBudget(65))) {
            Throwable refused = catchThrowable(() -> protections.createProtection(CreateProtectionRequest.newBuilder()
                    .setProtection(protection(wrong))
                    .build()));
            assertThat(GrpcErrors.fromStatus(refused).orElseThrow().reason())
                    .isIn(Reason.METHOD_UNKNOWN, Reason.PARAMETER_INVALID);
        }
    }

    private Protection protect(ProtectionParameters.Builder parameters) {
        String name = protections
                .createProtection(CreateProtectionRequest.newBuilder()
                        .setProtection(protection(parameters))
                        .build())
                .getProtection()
                .getName();
        Protection[] last = new Protection[1];
        protections
                .watchProtection(
                        WatchProtectionRequest.newBuilder().setName(name).build())
                .forEachRemaining(response -> last[0] = response.getProtection());
        return last[0];
    }

    private Protection protection(ProtectionParameters.Builder parameters) {
        return Protection.newBuilder()
                .setSubject("anna")
                .setAuthorization(authorization())
                .addAllPictures(stored())
                .setParameters(parameters)
                .build();
    }

    private Training create(CreateTrainingRequest.Builder request) {
        return trainings.createTraining(request.build()).getTraining();
    }

    private Training get(String name) {
        return trainings
                .getTraining(GetTrainingRequest.newBuilder().setName(name).build())
                .getTraining();
    }

    private void assertRefused(Reason reason, Training.Builder training) {
        assertRefused(reason, () -> create(CreateTrainingRequest.newBuilder().setTraining(training)));
    }

    private static void assertRefused(Reason reason, Runnable call) {
        Throwable refused = catchThrowable(call::run);
        assertThat(GrpcErrors.fromStatus(refused)
                        .orElseThrow(() -> new AssertionError(refused))
                        .reason())
                .isEqualTo(reason);
    }

    private Training training(int steps) {
        return Training.newBuilder()
                .setSubject("anna")
                .setAuthorization(authorization())
                .addAllPictures(stored())
                .setParameters(TrainingParameters.newBuilder().setSteps(steps).setCheckpointInterval(1000))
                .build();
    }

    private List<PictureReference> stored() {
        return Fixtures.pictures("instance", 3).stream()
                .map(picture -> pictures.write("me.png", picture, PictureWriter.png(picture), WorkContext.UNWATCHED))
                .toList();
    }

    private static AuthorizationRecord authorization() {
        return AuthorizationRecord.newBuilder()
                .setRightsHolder("Anna")
                .setBasis(AuthorizationRecord.Basis.BASIS_SYNTHETIC)
                .setReference("test")
                .setGrantTime(Timestamp.newBuilder().setSeconds(1))
                .build();
    }

    private static int largestChange(Picture before, Picture after) {
        byte[] a = before.rgb();
        byte[] b = after.rgb();
        int largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs((a[i] & 0xff) - (b[i] & 0xff)));
        }
        return largest;
    }
}
