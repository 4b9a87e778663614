package dev.cloakproof.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;

/** A Java runtime without what a service does not use. */
final class JavaRuntime {
    /** Beside java.se what Quarkus, Netty, Kafka and DJL find by reflection, which no tool sees. */
    private static final String MODULES = "java.se,jdk.charsets,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,"
            + "jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs";

    private JavaRuntime() {}

    /** @param folder that is not there yet */
    static void link(Path folder) throws IOException {
        StringWriter said = new StringWriter();
        PrintWriter to = new PrintWriter(said);
        int code = ToolProvider.findFirst("jlink")
                .orElseThrow(
                        () -> new IOException("expected a JDK with jlink, found " + System.getProperty("java.home")))
                .run(
                        to,
                        to,
                        "--add-modules",
                        MODULES,
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        folder.toString());
        if (code != 0) {
            throw new IOException("jlink: " + said.toString().strip());
        }
    }
}
