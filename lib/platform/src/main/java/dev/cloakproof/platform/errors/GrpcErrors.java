package dev.cloakproof.platform.errors;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Problems as gRPC statuses with details (AIP-193): always {@code ErrorInfo}; {@code BadRequest} where fields are at
 * fault; {@code RetryInfo} where a retry makes sense at a known time.
 */
public final class GrpcErrors {
    /** {@code ErrorInfo.domain} of all our errors. */
    public static final String DOMAIN = "cloakproof.dev";

    private GrpcErrors() {}

    /** What a server hands to the caller for a throwable. */
    public static StatusRuntimeException toStatus(Throwable thrown) {
        return toStatus(Problems.of(thrown));
    }

    public static StatusRuntimeException toStatus(Problem problem) {
        Status.Builder status = Status.newBuilder()
                .setCode(problem.reason().code().value())
                .setMessage(problem.message())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(problem.reason().name())
                        .setDomain(DOMAIN)
                        .putAllMetadata(problem.metadata())
                        .build()));
        if (!problem.violations().isEmpty()) {
            BadRequest.Builder request = BadRequest.newBuilder();
            problem.violations()
                    .forEach(violation -> request.addFieldViolationsBuilder()
                            .setField(violation.field())
                            .setDescription(violation.description()));
            status.addDetails(Any.pack(request.build()));
        }
        problem.retryDelay()
                .ifPresent(delay -> status.addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(delay.getSeconds())
                                .setNanos(delay.getNano()))
                        .build())));
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** The problem that a server of ours reported, on the client's side; empty if the status is not one of ours. */
    public static Optional<Problem> fromStatus(Throwable thrown) {
        Status status = StatusProto.fromThrowable(thrown);
        if (status == null) {
            return Optional.empty();
        }
        return detail(status, ErrorInfo.class)
                .filter(info -> info.getDomain().equals(DOMAIN))
                .flatMap(info -> reason(info.getReason()).map(reason -> problem(reason, info, status)));
    }

    private static Problem problem(Reason reason, ErrorInfo info, Status status) {
        Problem problem = reason.problem(status.getMessage());
        for (var entry : info.getMetadataMap().entrySet()) {
            problem = problem.with(entry.getKey(), entry.getValue());
        }
        for (var violation : detail(status, BadRequest.class)
                .map(BadRequest::getFieldViolationsList)
                .orElse(List.of())) {
            problem = problem.at(violation.getField(), violation.getDescription());
        }
        Optional<RetryInfo> retry = detail(status, RetryInfo.class);
        if (retry.isPresent()) {
            var delay = retry.get().getRetryDelay();
            problem = problem.retryAfter(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
        }
        return problem;
    }

    private static Optional<Reason> reason(String name) {
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.name().equals(name))
                .findAny();
    }

    private static <M extends Message> Optional<M> detail(Status status, Class<M> type) {
        for (Any any : status.getDetailsList()) {
            if (any.is(type)) {
                try {
                    return Optional.of(any.unpack(type));
                } catch (InvalidProtocolBufferException damaged) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
