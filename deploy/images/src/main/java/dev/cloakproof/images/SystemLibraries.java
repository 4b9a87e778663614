package dev.cloakproof.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The C and C++ libraries of this machine, each where its loader looks for it. */
final class SystemLibraries {
    private static final List<String> NAMES = List.of(
            "ld-linux-x86-64.so.2",
            "libc.so.6",
            "libm.so.6",
            "libdl.so.2",
            "libpthread.so.0",
            "librt.so.1",
            "libgcc_s.so.1",
            "libstdc++.so.6");

    private static final List<Path> FOLDERS = List.of(
            Path.of("/lib64"),
            Path.of("/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib64"));

    /** Debian's names; where they are, their licences come along. */
    private static final List<Path> LICENCES = List.of(
            Path.of("/usr/share/doc/libc6/copyright"),
            Path.of("/usr/share/doc/gcc-12-base/copyright"),
            Path.of("/usr/share/doc/libgcc-s1/copyright"),
            Path.of("/usr/share/doc/libstdc++6/copyright"));

    private SystemLibraries() {}

    /** Copies them below a root. */
    static void gather(Path root) throws IOException {
        for (String name : NAMES) {
            Path found = FOLDERS.stream()
                    .map(folder -> folder.resolve(name))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new IOException("expected " + name + " in one of " + FOLDERS + ", found none"));
            copy(found, root);
        }
        for (Path licence : LICENCES) {
            if (Files.isRegularFile(licence)) {
                copy(licence, root);
            }
        }
        Files.createDirectories(root.resolve("tmp"));
    }

    private static void copy(Path file, Path root) throws IOException {
        Path copy = root.resolve(Path.of("/").relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
