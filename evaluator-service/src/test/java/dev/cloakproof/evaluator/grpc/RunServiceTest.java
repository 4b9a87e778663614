package dev.cloakproof.evaluator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.evaluator.IndexDatabase;
import dev.cloakproof.evaluator.index.TestRun;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.GrpcErrors;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.events.EventPublisher;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.service.EventLine;
import dev.cloakproof.service.Heard;
import dev.cloakproof.v1.CancelRunRequest;
import dev.cloakproof.v1.DeleteRunRequest;
import dev.cloakproof.v1.DeleteSubjectRequest;
import dev.cloakproof.v1.DeletionSummary;
import dev.cloakproof.v1.GetRunRequest;
import dev.cloakproof.v1.ListRunsRequest;
import dev.cloakproof.v1.ListRunsResponse;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunServiceGrpc;
import dev.cloakproof.v1.RunServiceGrpc.RunServiceBlockingStub;
import dev.cloakproof.v1.Stage;
import dev.cloakproof.v1.WatchRunRequest;
import dev.cloakproof.v1.WatchRunResponse;
import dev.cloakproof.v1.WorkState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The started service: hand-made events on a real broker, a real PostgreSQL, gRPC calls. */
@QuarkusTest
@QuarkusTestResource(EventLine.class)
@QuarkusTestResource(IndexDatabase.class)
class RunServiceTest {
    @Inject
    GrpcServer server;

    @Inject
    EventPublisher publisher;

    @Inject
    BlobStore blobs;

    @ConfigProperty(name = "cloakproof.kafka.bootstrap-servers")
    String broker;

    @ConfigProperty(name = "cloakproof.store.folder")
    Path store;

    private final String subject = "s-" + UUID.randomUUID();
    private final String id = "r-" + UUID.randomUUID();
    private ManagedChannel channel;
    private RunServiceBlockingStub client;
    private TestRun run;

    @BeforeEach
    void connect() {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        client = RunServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
        run = new TestRun(blobs, id, subject, "picture of " + id);
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private Run get(String name) {
        return client.getRun(GetRunRequest.newBuilder().setName(name).build()).getRun();
    }

    private void awaitState(WorkState state) {
        await().until(() -> known() && get("runs/" + id).getState() == state);
    }

    private boolean known() {
        return client.listRuns(ListRunsRequest.newBuilder().setSubject(subject).build())
                        .getRunsCount()
                > 0;
    }

    private void finish() {
        List.of(run.received(), run.purified(), run.trained(), run.sampled(), run.evaluated())
                .forEach(publisher::publish);
        awaitState(WorkState.WORK_STATE_SUCCEEDED);
    }

    private static Problem refusal(Runnable call) {
        return GrpcErrors.fromStatus(catchThrowable(call::run)).orElseThrow();
    }

    @Test
    void aWatcherSeesTheRunFromQueueToReport() {
        publisher.publish(run.received());
        awaitState(WorkState.WORK_STATE_QUEUED);
        Iterator<WatchRunResponse> watching = client.watchRun(
                WatchRunRequest.newBuilder().setName("runs/" + id).build());
        List<Run> seen = new ArrayList<>();
        seen.add(watching.next().getRun());
        assertThat(seen.getFirst().getState()).isEqualTo(WorkState.WORK_STATE_QUEUED);
        publisher.publish(run.progress(Stage.STAGE_PURIFY, 1, 3, 0));
        Run running = watching.next().getRun();
        assertThat(running.getState()).isEqualTo(WorkState.WORK_STATE_RUNNING);
        assertThat(running.getStages(0).getProgress().getStep()).isEqualTo(3);
        List.of(run.purified(), run.trained(), run.sampled(), run.evaluated()).forEach(publisher::publish);
        watching.forEachRemaining(response -> seen.add(response.getRun())); // ends by itself
        Run last = seen.getLast();
        assertThat(last.getState()).isEqualTo(WorkState.WORK_STATE_SUCCEEDED);
        assertThat(last).isEqualTo(get("runs/" + id));
        assertThat(last.getExpireTime().getSeconds() - last.getCreateTime().getSeconds())
                .isEqualTo(365L * 24 * 3600);
    }

    @Test
    void pagesLeadThroughAllRunsOfASubject() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            publisher.publish(new TestRun(blobs, id + "-" + i, subject, "picture").received());
            expected.addFirst("runs/" + id + "-" + i);
        }
        ListRunsRequest request =
                ListRunsRequest.newBuilder().setSubject(subject).setPageSize(2).build();
        await().until(() ->
                client.listRuns(request.toBuilder().setPageSize(10).build()).getRunsCount() == 5);
        List<String> listed = new ArrayList<>();
        String token = "";
        do {
            ListRunsResponse page =
                    client.listRuns(request.toBuilder().setPageToken(token).build());
            assertThat(page.getRunsCount()).isLessThanOrEqualTo(2);
            page.getRunsList().forEach(one -> listed.add(one.getName()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(listed).isEqualTo(expected);

        String other = client.listRuns(request).getNextPageToken();
        for (String wrong : List.of("garbage", "AAAA", other)) {
            ListRunsRequest asked =
                    ListRunsRequest.newBuilder().setPageToken(wrong).build();
            assertThat(refusal(() -> client.listRuns(asked)).violations())
                    .extracting(Problem.Violation::field)
                    .containsExactly("page_token");
        }
    }

    @Test
    void aCancelIsACommandOnTheLogAndShowsAtOnce() {
        publisher.publish(run.received());
        awaitState(WorkState.WORK_STATE_QUEUED);
        CancelRunRequest request = CancelRunRequest.newBuilder()
                .setName("runs/" + id)
                .setExplanation("changed my mind")
                .build();
        assertThat(client.cancelRun(request).getRun().getState()).isEqualTo(WorkState.WORK_STATE_CANCELLING);
        try (var commands = new Heard<>(broker, EventType.RUN_CANCEL)) {
            assertThat(commands.await(id).payload().getExplanation()).isEqualTo("changed my mind");
        }
        assertThat(refusal(() -> client.deleteRun(DeleteRunRequest.newBuilder()
                                .setName("runs/" + id)
                                .build()))
                        .reason())
                .isEqualTo(Reason.STATE_NOT_FINAL);
        publisher.publish(run.failed(Stage.STAGE_PURIFY, 5, Reason.CANCELLED));
        awaitState(WorkState.WORK_STATE_CANCELLED);
        assertThat(refusal(() -> client.cancelRun(request)).reason()).isEqualTo(Reason.STATE_FINAL);
    }

    @Test
    void aDeletedRunIsGoneWithItsBlobs() {
        finish();
        Blob picture = run.text("picture of " + id);
        DeletionSummary deleted = client.deleteRun(
                        DeleteRunRequest.newBuilder().setName("runs/" + id).build())
                .getSummary();
        assertThat(deleted.getRuns()).isEqualTo(1);
        assertThat(deleted.getBlobs()).isGreaterThanOrEqualTo(7);
        assertThat(refusal(() -> get("runs/" + id)).reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(catchThrowable(() -> blobs.get(picture))).hasMessageContaining("BLOB_MISSING");
    }

    @Test
    void aSubjectIsDeletedWhileItsRunGoesOnAndTheAuditLogSaysSo() throws Exception {
        finish();
        TestRun going = new TestRun(blobs, id + "-2", subject, "other picture of " + id);
        publisher.publish(going.received());
        await().until(() ->
                client.listRuns(ListRunsRequest.newBuilder().setSubject(subject).build())
                                .getRunsCount()
                        == 2);
        Iterator<WatchRunResponse> watching = client.watchRun(
                WatchRunRequest.newBuilder().setName("runs/" + going.id).build());
        watching.next();
        DeletionSummary deleted = client.deleteSubject(
                        DeleteSubjectRequest.newBuilder().setSubject(subject).build())
                .getSummary();
        assertThat(deleted.getRuns()).isEqualTo(2);
        assertThat(refusal(() -> watching.forEachRemaining(_ -> {})).reason()).isEqualTo(Reason.NOT_FOUND);
        try (var commands = new Heard<>(broker, EventType.RUN_CANCEL)) {
            assertThat(commands.await(going.id)).isNotNull();
        }
        assertThat(Files.readString(store.resolve("audit").resolve("evaluator.jsonl"), StandardCharsets.UTF_8))
                .contains("\"action\":\"delete-subject\",\"target\":\"subjects/" + subject + "\"")
                .contains("\"runs\":\"2\"");

        going.purified(); // its worker had not looked yet and stored this
        Blob late = going.text("purified of " + going.id);
        publisher.publish(going.purified());
        await().until(() -> catchThrowable(() -> blobs.get(late)) != null);
        assertThat(known()).isFalse();
    }

    @Test
    void whatIsNoNameIsRefused() {
        assertThat(refusal(() -> get("runs/../etc")).reason()).isEqualTo(Reason.PARAMETER_INVALID);
        assertThat(refusal(() -> get("runs/none")).reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(refusal(() -> client.watchRun(WatchRunRequest.newBuilder()
                                        .setName("runs/none")
                                        .build())
                                .next())
                        .reason())
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(refusal(() -> client.deleteSubject(
                                DeleteSubjectRequest.newBuilder().setSubject("").build()))
                        .reason())
                .isEqualTo(Reason.PARAMETER_INVALID);
    }
}
