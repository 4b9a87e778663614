package dev.cloakproof.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The image of one service: what it stands on, its libraries, itself, in this order, so that what changes most lies on
 * top.
 *
 * @param name such as {@code purifier}
 * @param version of the product
 * @param tag of the image
 * @param app Quarkus's folder of the runnable service
 * @param notice whose work is in it
 * @param ports gRPC and HTTP
 */
record ServiceImage(String name, String version, String tag, Path app, Path notice, Set<Port> ports) {
    private static final AbsoluteUnixPath HOME = AbsoluteUnixPath.get("/deployments");
    /** Nobody's name, so that Kubernetes sees that it is not root. */
    private static final String USER = "10001:10001";

    /** @throws IOException if the service is not built */
    static ServiceImage read(Path root, String name, String version, String tag) throws IOException {
        Path module = root.resolve(name + "-service");
        Path app = module.resolve("target").resolve("quarkus-app");
        if (!Files.isRegularFile(app.resolve("quarkus-run.jar"))) {
            throw new IOException("expected the built service in " + app + ", found none");
        }
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(module.resolve("src/main/resources/application.properties"))) {
            settings.load(in);
        }
        Set<Port> ports = Set.of(
                Port.tcp(Integer.parseInt(settings.getProperty("quarkus.grpc.server.port"))),
                Port.tcp(Integer.parseInt(settings.getProperty("quarkus.http.port"))));
        return new ServiceImage(name, version, tag, app, root.resolve("NOTICE"), ports);
    }

    /** Name and tag. */
    String reference() {
        return "cloakproof/" + name + ":" + tag;
    }

    /**
     * Writes the archive.
     *
     * @param cache folder of layers, which images share
     * @return the image's digest
     */
    String write(ImageBase base, Path archive, Path cache) throws IOException, InterruptedException {
        try {
            JibContainerBuilder image = base.begin()
                    .setFormat(ImageFormat.OCI)
                    .setCreationTime(Instant.EPOCH)
                    .setUser(USER)
                    .setWorkingDirectory(HOME)
                    .setEntrypoint(
                            "java",
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-Dai.djl.offline=true",
                            "-Duser.home=/tmp",
                            "-jar",
                            "quarkus-run.jar")
                    .setExposedPorts(ports)
                    .setLabels(labels());
            image.addEnvironmentVariable("DJL_CACHE_DIR", "/tmp/djl");
            base.path().ifPresent(path -> image.addEnvironmentVariable("PATH", path));
            List<FileEntriesLayer> layers = new ArrayList<>(base.layers());
            layers.add(layer("libraries")
                    .addEntryRecursive(app.resolve("lib"), HOME.resolve("lib"))
                    .build());
            layers.add(layer("service")
                    .addEntryRecursive(app.resolve("app"), HOME.resolve("app"))
                    .addEntryRecursive(app.resolve("quarkus"), HOME.resolve("quarkus"))
                    .addEntry(app.resolve("quarkus-run.jar"), HOME.resolve("quarkus-run.jar"))
                    .addEntry(notice, HOME.resolve("NOTICE"))
                    .build());
            return image.setFileEntriesLayers(layers)
                    .containerize(Containerizer.to(TarImage.at(archive).named(reference()))
                            .setBaseImageLayersCache(cache)
                            .setApplicationLayersCache(cache)
                            .setToolName("cloakproof"))
                    .getDigest()
                    .toString();
        } catch (InvalidImageReferenceException | CacheDirectoryCreationException | RegistryException e) {
            throw new IOException(e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** Weights are not in it, and what users bring keeps its own licence. */
    private Map<String, String> labels() {
        return Map.of(
                "org.opencontainers.image.title", "cloakproof/" + name,
                "org.opencontainers.image.version", version,
                "org.opencontainers.image.vendor", "the Cloakproof founders",
                "org.opencontainers.image.licenses", "LicenseRef-Cloakproof-NOTICE",
                "org.opencontainers.image.documentation", "/deployments/NOTICE");
    }

    private static FileEntriesLayer.Builder layer(String name) {
        return FileEntriesLayer.builder().setName(name);
    }

    /** Everybody may read, nobody but root may write, what was executable stays so. */
    static FilePermissions permissions(Path file, AbsoluteUnixPath inside) {
        if (inside.toString().equals("/tmp")) {
            return FilePermissions.fromOctalString("777");
        }
        return FilePermissions.fromOctalString(Files.isExecutable(file) ? "755" : "644");
    }
}
