package dev.cloakproof.bench.serve;

import dev.cloakproof.v1.PurificationServiceGrpc;
import dev.cloakproof.v1.PurifyRequest;
import dev.cloakproof.v1.PurifyResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/** Answers Purify with the picture that it was given, on gRPC's event loop: what gRPC alone takes. */
final class EchoServer {
    private EchoServer() {}

    /** Listens on loopback until its process ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        start(Integer.parseInt(arguments[0])).awaitTermination();
    }

    static Server start(int port) throws IOException {
        return Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                .directExecutor()
                .maxInboundMessageSize(16 << 20)
                .addService(new PurificationServiceGrpc.PurificationServiceImplBase() {
                    @Override
                    public void purify(PurifyRequest request, StreamObserver<PurifyResponse> answers) {
                        answers.onNext(PurifyResponse.newBuilder()
                                .setPicture(request.getPicture())
                                .build());
                        answers.onCompleted();
                    }
                })
                .build()
                .start();
    }
}
