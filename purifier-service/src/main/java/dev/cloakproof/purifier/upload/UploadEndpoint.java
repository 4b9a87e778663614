package dev.cloakproof.purifier.upload;

import dev.cloakproof.service.grpc.Callers;
import dev.cloakproof.v1.CreateUploadRequest;
import dev.cloakproof.v1.CreateUploadResponse;
import dev.cloakproof.v1.UploadServiceGrpc;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;

/** The contract's UploadService. */
@GrpcService
class UploadEndpoint extends UploadServiceGrpc.UploadServiceImplBase {
    private final Uploads uploads;

    UploadEndpoint(Uploads uploads) {
        this.uploads = uploads;
    }

    @Override
    @Blocking
    public StreamObserver<CreateUploadRequest> createUpload(StreamObserver<CreateUploadResponse> answers) {
        return new IncomingUpload(uploads, Callers.current(), answers);
    }
}
