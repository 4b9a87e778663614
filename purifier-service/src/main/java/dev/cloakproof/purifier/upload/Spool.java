package dev.cloakproof.purifier.upload;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pictures of an upload on this machine until all of them are known to be good. Each is decoded and encoded again,
 * so that of its file nothing but the pixels is kept: no EXIF, no text, no thumbnail. Deleted on close.
 */
final class Spool implements AutoCloseable {
    private static final int MOST_PICTURES = 200;
    private static final int LONGEST_NAME = 255;

    private final Path folder;
    private final List<CheckedPicture> pictures = new ArrayList<>();

    /** @param work where the folder goes */
    Spool(Path work) {
        try {
            Files.createDirectories(work);
            folder = Files.createTempDirectory(work, "upload-");
        } catch (IOException e) {
            throw full(e);
        }
    }

    /** Deletes what an earlier process left that was killed in the middle of an upload. */
    static void sweep(Path work) {
        if (!Files.isDirectory(work)) {
            return;
        }
        try (Stream<Path> left = Files.list(work)) {
            left.forEach(Spool::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<CheckedPicture> pictures() {
        return List.copyOf(pictures);
    }

    /** @throws dev.cloakproof.platform.errors.CloakproofException PICTURE_INVALID or DISK_FULL */
    void add(String name, byte[] encoded, boolean reference) {
        int index = pictures.size();
        if (index == MOST_PICTURES) {
            throw Reason.PICTURE_INVALID
                    .problem("expected at most " + MOST_PICTURES + " pictures, found more")
                    .at("upload_picture", "at most " + MOST_PICTURES)
                    .exception();
        }
        if (name.length() > LONGEST_NAME || name.contains("/") || name.contains("\\")) {
            throw Reason.PARAMETER_INVALID
                    .problem("picture " + (index + 1) + ": expected a name of at most " + LONGEST_NAME
                            + " characters without a path, found " + name.length() + " characters")
                    .at("upload_picture[" + index + "].picture.name", "a file name")
                    .exception();
        }
        String called = "picture " + (index + 1) + (name.isEmpty() ? "" : " (" + name + ")");
        Picture picture = StoredPictures.decode(called, encoded);
        if (!reference) {
            requireSameSize(called, picture);
        }
        Path png = folder.resolve("%03d.png".formatted(index));
        try {
            Files.write(png, PictureWriter.png(picture));
        } catch (IOException e) {
            throw full(e);
        }
        pictures.add(new CheckedPicture(name, reference, picture.width(), picture.height(), png));
    }

    /** One model is trained on all of them. */
    private void requireSameSize(String called, Picture picture) {
        for (CheckedPicture other : pictures) {
            boolean same = other.width() == picture.width() && other.height() == picture.height();
            if (!other.reference() && !same) {
                throw Reason.PICTURE_INVALID
                        .problem(called + ": expected the size of the first picture, " + other.width() + "x"
                                + other.height() + ", found " + picture.width() + "x" + picture.height())
                        .with("trouble", "MIXED_SIZES")
                        .exception();
            }
        }
    }

    private static RuntimeException full(IOException e) {
        return Reason.DISK_FULL
                .problem("the upload cannot be kept for checking: " + e.getMessage())
                .exception(e);
    }

    @Override
    public void close() {
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
