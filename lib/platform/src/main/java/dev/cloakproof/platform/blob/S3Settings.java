package dev.cloakproof.platform.blob;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * How to reach an S3.
 *
 * @param endpoint address of an S3 that is not Amazon's; empty for Amazon's
 * @param region region name, such as {@code eu-central-1}; any for most others
 * @param credentials who we are
 */
public record S3Settings(Optional<URI> endpoint, String region, AwsCredentialsProvider credentials) {
    /** Opens a client; the caller closes it. */
    public S3Client connect() {
        var client = S3Client.builder()
                .region(Region.of(region))
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                // Blobs carry their own SHA-256, and many an S3 does not know the SDK's newer checksum headers.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(override -> override.addExecutionInterceptor(new WithoutExpect()))
                .forcePathStyle(endpoint.isPresent());
        endpoint.ifPresent(client::endpointOverride);
        return client.build();
    }

    /**
     * Takes {@code Expect: 100-continue} away. With it, a refused conditional write leaves its body unsent, the server
     * waits for it on a connection that Java uses again, and the next request runs into its time limit (seen as
     * "Unexpected end of file" after 30 s).
     */
    private static final class WithoutExpect implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().toBuilder().removeHeader("Expect").build();
        }
    }
}
