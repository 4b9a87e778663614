package dev.cloakproof.platform.blob;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of any S3 with conditional writes (If-None-Match and If-Match on PutObject). The version is the
 * ETag. The client retries by itself; what still fails is STORE_UNAVAILABLE.
 */
public final class S3ObjectStore implements ObjectStore {
    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final S3Client client;
    private final String bucket;

    /** Uses a bucket that exists. The caller closes the client. */
    public S3ObjectStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    @Override
    public void put(ObjectKey key, byte[] bytes) {
        call("write " + key, () -> client.putObject(request(key).build(), RequestBody.fromBytes(bytes)));
    }

    @Override
    public void put(ObjectKey key, Path file) {
        call("write " + key, () -> client.putObject(request(key).build(), RequestBody.fromFile(file)));
    }

    @Override
    public Optional<Version> putIfAbsent(ObjectKey key, byte[] bytes) {
        return conditional("write " + key, request(key).ifNoneMatch("*"), bytes);
    }

    @Override
    public Optional<Version> replace(ObjectKey key, byte[] bytes, Version expected) {
        return conditional("replace " + key, request(key).ifMatch(expected.token()), bytes);
    }

    @Override
    public Optional<Versioned> get(ObjectKey key) {
        return found("read " + key, () -> {
            ResponseBytes<GetObjectResponse> object =
                    client.getObjectAsBytes(get -> get.bucket(bucket).key(key.text()));
            return new Versioned(
                    object.asByteArrayUnsafe(), new Version(object.response().eTag()));
        });
    }

    @Override
    public Optional<byte[]> read(ObjectKey key, long offset, int length) {
        return found("read " + key, () -> {
            String range = "bytes=" + offset + "-" + (offset + length - 1);
            try {
                return client.getObjectAsBytes(
                                get -> get.bucket(bucket).key(key.text()).range(range))
                        .asByteArrayUnsafe();
            } catch (S3Exception failed) {
                if (failed.statusCode() == RANGE_NOT_SATISFIABLE) {
                    return new byte[0];
                }
                throw failed;
            }
        });
    }

    @Override
    public boolean download(ObjectKey key, Path file) {
        return found(
                        "copy " + key,
                        () -> client.getObject(get -> get.bucket(bucket).key(key.text()), file))
                .isPresent();
    }

    /** S3 does not say whether there was an object, so this asks first; the answer may be stale under contention. */
    @Override
    public boolean delete(ObjectKey key) {
        boolean there = found(
                        "look up " + key,
                        () -> client.headObject(head -> head.bucket(bucket).key(key.text())))
                .isPresent();
        call(
                "delete " + key,
                () -> client.deleteObject(delete -> delete.bucket(bucket).key(key.text())));
        return there;
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        return call(
                "list " + prefix,
                () -> client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
                        .map(S3Object::key)
                        .map(ObjectKey::new)
                        .sorted()
                        .toList());
    }

    private PutObjectRequest.Builder request(ObjectKey key) {
        return PutObjectRequest.builder().bucket(bucket).key(key.text());
    }

    private Optional<Version> conditional(String what, PutObjectRequest.Builder request, byte[] bytes) {
        return call(what, () -> {
            try {
                var written = client.putObject(request.build(), RequestBody.fromBytes(bytes));
                return Optional.of(new Version(written.eTag()));
            } catch (S3Exception failed) {
                // 409: two conditional writes met; 404: If-Match on a key that is gone. Neither wrote anything.
                if (failed.statusCode() == PRECONDITION_FAILED
                        || failed.statusCode() == CONFLICT
                        || failed instanceof NoSuchKeyException) {
                    return Optional.empty();
                }
                throw failed;
            }
        });
    }

    private static <T> Optional<T> found(String what, Supplier<T> work) {
        return call(what, () -> {
            try {
                return Optional.of(work.get());
            } catch (NoSuchKeyException missing) {
                return Optional.empty();
            }
        });
    }

    private static <T> T call(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (SdkException failed) {
            throw unavailable(what, failed);
        }
    }

    private static CloakproofException unavailable(String what, SdkException failed) {
        return Reason.STORE_UNAVAILABLE
                .problem("could not " + what + ": " + failed.getMessage())
                .exception(failed);
    }
}
