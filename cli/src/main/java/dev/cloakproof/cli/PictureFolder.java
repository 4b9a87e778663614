package dev.cloakproof.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The pictures of a folder, by name without ending and in its order. */
final class PictureFolder {
    private PictureFolder() {}

    /**
     * @param place a folder, whose PNG and JPEG files count, or one file
     * @throws IllegalArgumentException if there is nothing, or two files differ only in their ending
     */
    static SortedMap<String, Path> list(Path place) throws IOException {
        if (!Files.exists(place)) {
            throw new IllegalArgumentException("there is no " + place);
        }
        SortedMap<String, Path> pictures = new TreeMap<>();
        for (Path file : files(place)) {
            Path other = pictures.put(stem(file), file);
            if (other != null) {
                throw new IllegalArgumentException(other + " and " + file + " would both be named " + stem(file));
            }
        }
        if (pictures.isEmpty()) {
            throw new IllegalArgumentException(place + " has no file whose name ends in .png, .jpg or .jpeg");
        }
        return pictures;
    }

    private static List<Path> files(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> entries = Files.list(place)) {
            return entries.filter(
                            file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)"))
                    .sorted()
                    .toList();
        }
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }
}
