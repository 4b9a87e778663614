package dev.cloakproof.service.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where pictures, models and results lie: exactly one of the two. */
@ConfigMapping(prefix = "cloakproof.store")
public interface StoreConfig {
    /** Folder of a store on files; processes may share it. */
    Optional<Path> folder();

    /** A store on S3. Credentials are found as the AWS SDK finds them: environment, files, or the pod's identity. */
    S3 s3();

    /** A store on S3. */
    interface S3 {
        /** A bucket that exists. */
        Optional<String> bucket();

        /** Address of an S3 that is not Amazon's. */
        Optional<URI> endpoint();

        /** Region; any for most others. */
        @WithDefault("us-east-1")
        String region();
    }
}
