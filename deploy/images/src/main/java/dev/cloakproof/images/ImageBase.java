package dev.cloakproof.images;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an image stands on.
 *
 * @param reference of an image by its digest; empty for nothing below
 * @param files the root of the file system, laid over it; empty for none
 * @param path where the java command lies in the image; empty if the image below knows
 */
record ImageBase(Optional<String> reference, Optional<Path> files, Optional<String> path) {
    private static final String JAVA = "/opt/java";

    /** @throws IllegalArgumentException if the reference does not pin its bytes */
    static ImageBase named(String reference) {
        if (!reference.matches("[^@]+@sha256:[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "expected an image by its digest, NAME@sha256:64 hexadecimal digits, found " + reference);
        }
        return new ImageBase(Optional.of(reference), Optional.empty(), Optional.empty());
    }

    /**
     * A runtime of the JDK that runs this, and the libraries that it and libtorch ask the machine for.
     *
     * @param work where the files are gathered
     */
    static ImageBase ofThisMachine(Path work) throws IOException, InterruptedException {
        if (!Files.isDirectory(work)) {
            Path gathered = Files.createTempDirectory(work.toAbsolutePath().getParent(), "runtime-");
            JavaRuntime.link(gathered.resolve(JAVA.substring(1)));
            SystemLibraries.gather(gathered);
            Files.move(gathered, work);
        }
        return new ImageBase(Optional.empty(), Optional.of(work), Optional.of(JAVA + "/bin"));
    }

    JibContainerBuilder begin() throws InvalidImageReferenceException {
        return reference.isPresent() ? Jib.from(RegistryImage.named(reference.get())) : Jib.fromScratch();
    }

    List<FileEntriesLayer> layers() throws IOException {
        if (files.isEmpty()) {
            return List.of();
        }
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("runtime");
        try (Stream<Path> inside = Files.list(files.get())) {
            for (Path file : inside.sorted().toList()) { // the root itself is no entry
                layer.addEntryRecursive(
                        file, AbsoluteUnixPath.get("/" + file.getFileName()), ServiceImage::permissions);
            }
        }
        return List.of(layer.build());
    }
}
