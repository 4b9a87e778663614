package dev.cloakproof.platform.blob;

import dev.cloakproof.platform.errors.Reason;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** Over a real S3 server that checks signatures. */
class S3ObjectStoreTest extends ObjectStoreContract {
    private static final String BUCKET = "pictures";

    @TempDir
    private static Path folder;

    private static BlobStoreContext files;
    private static S3Proxy server;
    private static S3Client client;

    @BeforeAll
    static void start() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        files = ContextBuilder.newBuilder("filesystem-nio2")
                .credentials("id", "secret")
                .overrides(properties)
                .build(BlobStoreContext.class);
        server = S3Proxy.builder()
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "id", "secret")
                .endpoint(URI.create("http://127.0.0.1:0"))
                .ignoreUnknownHeaders(true)
                .build();
        server.setBlobStoreLocator((_, _, _) -> Map.entry("secret", files.getBlobStore()));
        server.start();
        client = settings("secret").connect();
        client.createBucket(create -> create.bucket(BUCKET));
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.stop();
        files.close();
    }

    @Override
    ObjectStore open() {
        return new S3ObjectStore(client, BUCKET);
    }

    @Test
    void wrongCredentialsMakeTheStoreUnavailable() {
        try (S3Client stranger = settings("guessed").connect()) {
            ObjectStore store = new S3ObjectStore(stranger, BUCKET);

            assertReason(Reason.STORE_UNAVAILABLE, () -> store.get(ObjectKey.of("any")));
            assertReason(Reason.STORE_UNAVAILABLE, () -> store.put(ObjectKey.of("any"), new byte[1]));
        }
    }

    private static S3Settings settings(String secret) {
        return new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:" + server.getPort())),
                "us-east-1",
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", secret)));
    }
}
