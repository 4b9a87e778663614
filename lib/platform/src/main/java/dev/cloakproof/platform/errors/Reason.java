package dev.cloakproof.platform.errors;

import io.grpc.Status;
import java.util.Locale;

/**
 * The error catalogue: every way in which a call or a stage can end badly. The name is what clients match on
 * ({@code google.rpc.ErrorInfo.reason}, {@code Failure.reason}); it never changes its meaning.
 */
public enum Reason {
    /** No record, or an incomplete one, says who allowed the use of the pictures. */
    AUTHORIZATION_MISSING(Status.Code.FAILED_PRECONDITION, false),
    /** The permission has ended. */
    AUTHORIZATION_EXPIRED(Status.Code.FAILED_PRECONDITION, false),
    /** The caller could not be identified. */
    CREDENTIALS_INVALID(Status.Code.UNAUTHENTICATED, false),
    /** The caller is known and may not use this verb. */
    ROLE_MISSING(Status.Code.PERMISSION_DENIED, false),

    /** Not a picture that we read: wrong magic bytes, animated, too large, truncated. */
    PICTURE_INVALID(Status.Code.INVALID_ARGUMENT, false),
    /** A picture that we read and that the method cannot take, such as one that is far longer than wide. */
    PICTURE_UNSUITABLE(Status.Code.INVALID_ARGUMENT, false),
    /** An upload without a picture. */
    UPLOAD_EMPTY(Status.Code.INVALID_ARGUMENT, false),
    /** A parameter is unknown or out of its range. */
    PARAMETER_INVALID(Status.Code.INVALID_ARGUMENT, false),
    /** A prompt has more tokens than the text encoder takes. */
    PROMPT_TOO_LONG(Status.Code.INVALID_ARGUMENT, false),
    /** No purification or protection method of this name. */
    METHOD_UNKNOWN(Status.Code.INVALID_ARGUMENT, false),
    /** No metric of this name. */
    METRIC_UNKNOWN(Status.Code.INVALID_ARGUMENT, false),
    /** An event whose headers or payload cannot be read. */
    EVENT_UNREADABLE(Status.Code.INVALID_ARGUMENT, false),
    /** The request is larger than the configured limit. */
    PAYLOAD_TOO_LARGE(Status.Code.RESOURCE_EXHAUSTED, false),

    /** Loss or gradients of a training became infinite: the parameters do not suit the pictures or the model. */
    TRAINING_DIVERGED(Status.Code.FAILED_PRECONDITION, false),

    /** The named model pack is not installed. */
    PACK_MISSING(Status.Code.FAILED_PRECONDITION, false),
    /** A file of the model pack does not have the manifest's hash, or is hostile. */
    PACK_DAMAGED(Status.Code.DATA_LOSS, false),
    /** No blob with this hash. */
    BLOB_MISSING(Status.Code.NOT_FOUND, false),
    /** The stored bytes no longer have the hash that names them. */
    BLOB_CHANGED(Status.Code.DATA_LOSS, false),
    /** No resource of this name. */
    NOT_FOUND(Status.Code.NOT_FOUND, false),
    /** The resource is final and cannot be moved. */
    STATE_FINAL(Status.Code.FAILED_PRECONDITION, false),
    /** The resource has to be final first. */
    STATE_NOT_FINAL(Status.Code.FAILED_PRECONDITION, false),

    /** The bounded queue of the service is full. */
    QUEUE_FULL(Status.Code.RESOURCE_EXHAUSTED, true),
    /** No room on the disk of the store. */
    DISK_FULL(Status.Code.RESOURCE_EXHAUSTED, true),
    /** Not enough memory on the device. */
    MEMORY_EXHAUSTED(Status.Code.RESOURCE_EXHAUSTED, true),
    /** The blob store does not answer. */
    STORE_UNAVAILABLE(Status.Code.UNAVAILABLE, true),
    /** The broker does not answer. */
    BROKER_UNAVAILABLE(Status.Code.UNAVAILABLE, true),
    /** The service drains and takes no new work. */
    SHUTTING_DOWN(Status.Code.UNAVAILABLE, true),
    /** Another worker took over; what this one did does not count. */
    LEASE_LOST(Status.Code.ABORTED, true),
    /** Another worker is at the same work. */
    WORK_TAKEN(Status.Code.ABORTED, true),
    /** The caller's deadline passed before the work was done. */
    DEADLINE_PASSED(Status.Code.DEADLINE_EXCEEDED, false),
    /** The caller or an operator cancelled the work. */
    CANCELLED(Status.Code.CANCELLED, false),

    /** A mistake of ours; the log has the stack trace. */
    INTERNAL(Status.Code.INTERNAL, false);

    private final Status.Code code;
    private final boolean retryable;

    Reason(Status.Code code, boolean retryable) {
        this.code = code;
        this.retryable = retryable;
    }

    /** The gRPC status code of a call that ends for this reason. */
    public Status.Code code() {
        return code;
    }

    /** Whether the same request may succeed later without a change. Stages retry these and no others. */
    public boolean retryable() {
        return retryable;
    }

    /** Value of the {@code reason} label in metrics, such as {@code queue_full}. */
    public String metricLabel() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Begins a problem with this reason; the message says what was expected and what was found. */
    public Problem problem(String message) {
        return Problem.of(this, message);
    }
}
