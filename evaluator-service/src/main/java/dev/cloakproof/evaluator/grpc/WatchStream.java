package dev.cloakproof.evaluator.grpc;

import dev.cloakproof.evaluator.index.RunWatches;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.WatchRunResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.UnaryOperator;

/** Sends a watched run. A client that reads slowly gets the run as it is when it reads. */
final class WatchStream implements RunWatches.Watcher {
    private final ServerCallStreamObserver<WatchRunResponse> call;
    private final UnaryOperator<Run> dated;

    WatchStream(ServerCallStreamObserver<WatchRunResponse> call, UnaryOperator<Run> dated) {
        this.call = call;
        this.dated = dated;
    }

    @Override
    public boolean offer(Run run) {
        if (!call.isReady()) {
            return false;
        }
        call.onNext(WatchRunResponse.newBuilder().setRun(dated.apply(run)).build());
        return true;
    }

    @Override
    public void ended(boolean gone) {
        if (gone) {
            Calls.fail(
                    call,
                    Reason.NOT_FOUND.problem("the watched run was deleted").exception());
        } else {
            call.onCompleted();
        }
    }
}
