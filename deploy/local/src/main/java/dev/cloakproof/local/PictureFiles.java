package dev.cloakproof.local;

import com.google.protobuf.ByteString;
import dev.cloakproof.v1.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The pictures of a folder, as they are sent. */
final class PictureFiles {
    private PictureFiles() {}

    /**
     * PNG and JPEG files by name.
     *
     * @throws LocalException if there is none
     */
    static List<Picture> read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new LocalException("expected a folder of pictures, found no folder " + folder);
        }
        List<Picture> pictures = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(
                            file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)"))
                    .sorted()
                    .toList()) {
                pictures.add(Picture.newBuilder()
                        .setName(file.getFileName().toString())
                        .setContent(ByteString.copyFrom(Files.readAllBytes(file)))
                        .build());
            }
        } catch (IOException e) {
            throw new LocalException(folder + " cannot be read: " + e.getMessage(), e);
        }
        if (pictures.isEmpty()) {
            throw new LocalException(folder + " has no file whose name ends in .png, .jpg or .jpeg");
        }
        return pictures;
    }
}
