package dev.cloakproof.local;

import dev.cloakproof.v1.CancelRunRequest;
import dev.cloakproof.v1.CreateUploadRequest;
import dev.cloakproof.v1.CreateUploadRequest.Header;
import dev.cloakproof.v1.CreateUploadRequest.Role;
import dev.cloakproof.v1.CreateUploadRequest.UploadPicture;
import dev.cloakproof.v1.CreateUploadResponse;
import dev.cloakproof.v1.ListRunsRequest;
import dev.cloakproof.v1.ListRunsResponse;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunServiceGrpc;
import dev.cloakproof.v1.RunServiceGrpc.RunServiceBlockingStub;
import dev.cloakproof.v1.UploadServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Calls the services of a running line. */
final class LineClient implements AutoCloseable {
    private static final int MOST_BYTES = 16 << 20;

    private final List<ManagedChannel> open = new ArrayList<>();
    private final LineState state;

    LineClient(LineState state) {
        this.state = state;
    }

    RunServiceBlockingStub runs() {
        return RunServiceGrpc.newBlockingStub(channel(Service.EVALUATOR));
    }

    /** @param subject only its runs; empty for all */
    List<Run> list(String subject) {
        List<Run> runs = new ArrayList<>();
        String page = "";
        do {
            ListRunsResponse answer = runs().listRuns(ListRunsRequest.newBuilder()
                    .setPageSize(200)
                    .setSubject(subject)
                    .setPageToken(page)
                    .build());
            runs.addAll(answer.getRunsList());
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        return runs;
    }

    /** @param run "runs/{run}" */
    void cancel(String run, String why) {
        runs().withDeadlineAfter(10, TimeUnit.SECONDS)
                .cancelRun(CancelRunRequest.newBuilder()
                        .setName(run)
                        .setExplanation(why)
                        .build());
    }

    private ManagedChannel channel(Service service) {
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", state.port(service.title() + ".grpc"))
                .usePlaintext()
                .maxInboundMessageSize(MOST_BYTES)
                .build();
        open.add(channel);
        return channel;
    }

    /**
     * Sends pictures; a run begins.
     *
     * @return its name, "runs/{run}"
     * @throws io.grpc.StatusRuntimeException if the purifier refuses them
     */
    String upload(Header header, List<Picture> pictures, List<Picture> references) {
        List<CreateUploadRequest> messages = new ArrayList<>();
        messages.add(CreateUploadRequest.newBuilder().setHeader(header).build());
        pictures.forEach(picture -> messages.add(message(picture, Role.ROLE_PROTECTED)));
        references.forEach(picture -> messages.add(message(picture, Role.ROLE_REFERENCE)));
        Sending sending = new Sending(messages);
        UploadServiceGrpc.newStub(channel(Service.PURIFIER)).createUpload(sending);
        try {
            return sending.answer.join().getRun();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException refused ? refused : e;
        }
    }

    private static CreateUploadRequest message(Picture picture, Role role) {
        return CreateUploadRequest.newBuilder()
                .setUploadPicture(UploadPicture.newBuilder().setPicture(picture).setRole(role))
                .build();
    }

    /** Sends each message when the one before is on its way. */
    private static final class Sending implements ClientResponseObserver<CreateUploadRequest, CreateUploadResponse> {
        final CompletableFuture<CreateUploadResponse> answer = new CompletableFuture<>();
        private final List<CreateUploadRequest> messages;
        private int sent;

        Sending(List<CreateUploadRequest> messages) {
            this.messages = messages;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<CreateUploadRequest> stream) {
            stream.setOnReadyHandler(() -> {
                while (stream.isReady() && sent < messages.size()) {
                    stream.onNext(messages.get(sent++));
                    if (sent == messages.size()) {
                        stream.onCompleted();
                    }
                }
            });
        }

        @Override
        public void onNext(CreateUploadResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable refused) {
            answer.completeExceptionally(refused);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new LocalException("the purifier ended the upload without an answer"));
        }
    }

    @Override
    public void close() {
        open.forEach(ManagedChannel::shutdownNow);
    }
}
