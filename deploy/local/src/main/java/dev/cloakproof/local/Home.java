package dev.cloakproof.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the line of one machine keeps its things, and where the program is.
 *
 * @param root of the checkout
 * @param folder for data, logs and state; nothing is written elsewhere
 */
record Home(Path root, Path folder) {
    static final String MANIFEST = "pack.json";

    Home {
        root = root.toAbsolutePath().normalize();
        folder = folder.toAbsolutePath().normalize();
    }

    Path state() {
        return folder.resolve("line.json");
    }

    Path store() {
        return folder.resolve("store");
    }

    Path packs() {
        return folder.resolve("packs");
    }

    Path log(String name) {
        return folder.resolve("logs").resolve(name + ".log");
    }

    Path brokerJars() {
        return root.resolve("lib/platform/broker/target/jars");
    }

    /** The packaged service. */
    Path jar(Service service) {
        return root.resolve(service.module()).resolve("target/quarkus-app/quarkus-run.jar");
    }

    /** Packs that come with the checkout. */
    Path bundled() {
        return root.resolve("deploy/models");
    }

    /** The folder of a pack, pulled or bundled. */
    Optional<Path> pack(String name) {
        return Stream.of(packs().resolve(name), bundled().resolve(name))
                .filter(place -> Files.isRegularFile(place.resolve(MANIFEST)))
                .findFirst();
    }

    /** Makes the folders, and links bundled packs to where services look for packs. */
    void prepare() throws IOException {
        for (Path place : new Path[] {folder.resolve("logs"), store(), packs()}) {
            Files.createDirectories(place);
        }
        if (!Files.isDirectory(bundled())) {
            return;
        }
        try (Stream<Path> packs = Files.list(bundled())) {
            for (Path pack : packs.filter(place -> Files.isRegularFile(place.resolve(MANIFEST)))
                    .toList()) {
                Path link = packs().resolve(pack.getFileName());
                if (!Files.exists(link)) {
                    Files.deleteIfExists(link); // a link to a checkout that has moved
                    Files.createSymbolicLink(link, pack);
                }
            }
        }
    }
}
