package dev.cloakproof.evaluator.grpc;

import dev.cloakproof.evaluator.events.RunCommands;
import dev.cloakproof.evaluator.index.Deleted;
import dev.cloakproof.evaluator.index.Kept;
import dev.cloakproof.evaluator.index.RunFilter;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.evaluator.index.RunPosition;
import dev.cloakproof.evaluator.index.RunWatches;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.platform.security.Retention;
import dev.cloakproof.service.grpc.Callers;
import dev.cloakproof.service.grpc.Calls;
import dev.cloakproof.v1.CancelRunRequest;
import dev.cloakproof.v1.CancelRunResponse;
import dev.cloakproof.v1.DeleteRunRequest;
import dev.cloakproof.v1.DeleteRunResponse;
import dev.cloakproof.v1.DeleteSubjectRequest;
import dev.cloakproof.v1.DeleteSubjectResponse;
import dev.cloakproof.v1.DeletionSummary;
import dev.cloakproof.v1.GetRunRequest;
import dev.cloakproof.v1.GetRunResponse;
import dev.cloakproof.v1.ListRunsRequest;
import dev.cloakproof.v1.ListRunsResponse;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunServiceGrpc;
import dev.cloakproof.v1.WatchRunRequest;
import dev.cloakproof.v1.WatchRunResponse;
import dev.cloakproof.v1.WorkState;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The contract's RunService. */
@GrpcService
@Blocking
class RunEndpoint extends RunServiceGrpc.RunServiceImplBase {
    private static final Pattern NAME = Pattern.compile("runs/([A-Za-z0-9_-][A-Za-z0-9._-]{0,127})");
    private static final Pattern SUBJECT = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final int STANDARD_PAGE = 50;
    private static final int LONGEST_PAGE = 1000;
    private static final int LONGEST_EXPLANATION = 500;

    private final RunIndex index;
    private final RunWatches watches;
    private final RunCommands commands;
    private final Retention retention;

    RunEndpoint(RunIndex index, RunWatches watches, RunCommands commands, Retention retention) {
        this.index = index;
        this.watches = watches;
        this.commands = commands;
        this.retention = retention;
    }

    @Override
    public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> answers) {
        Calls.answer(
                answers,
                () -> GetRunResponse.newBuilder()
                        .setRun(dated(find(id(request.getName()))))
                        .build());
    }

    @Override
    public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> answers) {
        Calls.answer(answers, () -> list(request));
    }

    private ListRunsResponse list(ListRunsRequest request) {
        if (request.getPageSize() < 0) {
            throw Reason.PARAMETER_INVALID
                    .problem("expected a page size of 0 or more, found " + request.getPageSize())
                    .at("page_size", "0 to " + LONGEST_PAGE)
                    .exception();
        }
        var filter = new RunFilter(
                Optional.of(request.getSubject()).filter(subject -> !subject.isEmpty()),
                Optional.of(request.getState()).filter(state -> state != WorkState.WORK_STATE_UNSPECIFIED));
        int size = request.getPageSize() == 0 ? STANDARD_PAGE : Math.min(request.getPageSize(), LONGEST_PAGE);
        List<Run> runs = index.list(filter, PageToken.read(request.getPageToken(), filter), size + 1);
        var response = ListRunsResponse.newBuilder();
        runs.stream().limit(size).map(this::dated).forEach(response::addRuns);
        if (runs.size() > size) {
            response.setNextPageToken(PageToken.of(RunPosition.of(runs.get(size - 1)), filter));
        }
        return response.build();
    }

    @Override
    public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> answers) {
        String id;
        try {
            id = id(request.getName());
            find(id);
        } catch (RuntimeException refused) {
            Calls.fail(answers, refused);
            return;
        }
        var call = (ServerCallStreamObserver<WatchRunResponse>) answers;
        RunWatches.Watch[] watch = new RunWatches.Watch[1];
        call.setOnCancelHandler(() -> Optional.ofNullable(watch[0]).ifPresent(RunWatches.Watch::close));
        watch[0] = watches.watch(id, new WatchStream(call, this::dated));
        if (call.isCancelled()) {
            watch[0].close(); // before there was anything to close
        }
    }

    @Override
    public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> answers) {
        Calls.answer(answers, () -> {
            if (request.getExplanation().length() > LONGEST_EXPLANATION) {
                throw Reason.PARAMETER_INVALID
                        .problem("expected an explanation of at most " + LONGEST_EXPLANATION + " characters, found "
                                + request.getExplanation().length())
                        .at("explanation", "at most " + LONGEST_EXPLANATION + " characters")
                        .exception();
            }
            Run run = commands.cancel(Callers.current(), id(request.getName()), request.getExplanation());
            return CancelRunResponse.newBuilder().setRun(dated(run)).build();
        });
    }

    @Override
    public void deleteRun(DeleteRunRequest request, StreamObserver<DeleteRunResponse> answers) {
        Calls.answer(
                answers,
                () -> DeleteRunResponse.newBuilder()
                        .setSummary(summary(commands.delete(Callers.current(), id(request.getName()))))
                        .build());
    }

    @Override
    public void deleteSubject(DeleteSubjectRequest request, StreamObserver<DeleteSubjectResponse> answers) {
        Calls.answer(answers, () -> {
            if (!SUBJECT.matcher(request.getSubject()).matches()) {
                throw Reason.PARAMETER_INVALID
                        .problem("expected a subject of 1 to 63 lower-case letters, digits and dashes, found \""
                                + request.getSubject() + "\"")
                        .at("subject", "1 to 63 lower-case letters, digits and dashes, beginning with a letter")
                        .exception();
            }
            return DeleteSubjectResponse.newBuilder()
                    .setSummary(summary(commands.deleteSubject(Callers.current(), request.getSubject())))
                    .build();
        });
    }

    private Run find(String id) {
        return index.get(id)
                .orElseThrow(() -> Reason.NOT_FOUND
                        .problem("expected a run that is known, found none of the name runs/" + id)
                        .with("run", id)
                        .exception());
    }

    private Run dated(Run run) {
        return Kept.dated(run, retention);
    }

    private static String id(String name) {
        var matched = NAME.matcher(name);
        if (!matched.matches()) {
            throw Reason.PARAMETER_INVALID
                    .problem("expected a name such as runs/r-1, found \"" + name + "\"")
                    .at("name", "runs/{run}")
                    .exception();
        }
        return matched.group(1);
    }

    private static DeletionSummary summary(Deleted deleted) {
        return DeletionSummary.newBuilder()
                .setRuns(deleted.runs())
                .setBlobs(deleted.blobs())
                .setSizeBytes(deleted.sizeBytes())
                .build();
    }
}
