package dev.cloakproof.purifier.upload;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.security.Caller;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.v1.CreateUploadRequest;
import dev.cloakproof.v1.CreateUploadRequest.Header;
import dev.cloakproof.v1.CreateUploadRequest.PartCase;
import dev.cloakproof.v1.CreateUploadRequest.Role;
import dev.cloakproof.v1.CreateUploadRequest.UploadPicture;
import dev.cloakproof.v1.CreateUploadResponse;
import io.grpc.stub.StreamObserver;

/** An upload on its way in: the header, then pictures, each checked as it comes. Ends at the first that is bad. */
final class IncomingUpload implements StreamObserver<CreateUploadRequest> {
    private final Uploads uploads;
    private final Caller caller;
    private final StreamObserver<CreateUploadResponse> answers;
    private Header header;
    private Spool spool;
    private boolean ended;

    IncomingUpload(Uploads uploads, Caller caller, StreamObserver<CreateUploadResponse> answers) {
        this.uploads = uploads;
        this.caller = caller;
        this.answers = answers;
    }

    @Override
    public synchronized void onNext(CreateUploadRequest message) {
        if (ended) {
            return;
        }
        try {
            PartCase expected = header == null ? PartCase.HEADER : PartCase.UPLOAD_PICTURE;
            if (message.getPartCase() != expected) {
                throw Reason.PARAMETER_INVALID
                        .problem("expected the header first and then pictures, found " + message.getPartCase())
                        .at("part", "the header first, then pictures")
                        .exception();
            }
            if (header == null) {
                uploads.check(message.getHeader());
                header = message.getHeader();
                spool = uploads.spool();
            } else {
                add(message.getUploadPicture());
            }
        } catch (RuntimeException | Error e) {
            end();
            Calls.fail(answers, e);
        }
    }

    private void add(UploadPicture given) {
        int bytes = given.getPicture().getContent().size();
        if (bytes > uploads.mostBytes()) {
            throw Reason.PAYLOAD_TOO_LARGE
                    .problem("expected a picture of at most " + uploads.mostBytes() + " bytes, found " + bytes)
                    .with("maximum", uploads.mostBytes())
                    .with("found", bytes)
                    .exception();
        }
        spool.add(
                given.getPicture().getName(),
                given.getPicture().getContent().toByteArray(),
                given.getRole() == Role.ROLE_REFERENCE);
    }

    @Override
    public synchronized void onCompleted() {
        if (ended) {
            return;
        }
        // Who has the answer finds nothing left of the upload here.
        Calls.answer(answers, () -> {
            try (var kept = spool) {
                if (header == null) {
                    throw Reason.UPLOAD_EMPTY
                            .problem("expected a header and pictures, found nothing")
                            .exception();
                }
                return uploads.create(header, kept.pictures(), caller);
            } finally {
                spool = null;
                ended = true;
            }
        });
    }

    @Override
    public synchronized void onError(Throwable broken) {
        end();
    }

    private void end() {
        ended = true;
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }
}
