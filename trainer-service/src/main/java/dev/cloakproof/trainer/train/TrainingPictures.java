package dev.cloakproof.trainer.train;

import dev.cloakproof.tensor.image.Framing;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureException;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The pictures of a run, squares of the run's resolution.
 *
 * @param instance of the subject, at least one
 * @param prior of the class; empty without prior preservation
 */
public record TrainingPictures(List<Picture> instance, List<Picture> prior) {
    public TrainingPictures {
        instance = List.copyOf(instance);
        prior = List.copyOf(prior);
        if (instance.isEmpty()) {
            throw new TrainingException(Reason.BAD_PICTURES, "expected at least 1 instance picture, found 0");
        }
        Picture first = instance.getFirst();
        requireSameSize("instance", instance, i -> "number " + (i + 1));
        for (Picture picture : prior) {
            if (picture.width() != first.width() || picture.height() != first.height()) {
                throw new TrainingException(
                        Reason.BAD_PICTURES,
                        "prior pictures: expected the instance pictures' size, " + first + ", found " + picture);
            }
        }
    }

    /** Resizes and crops as the reference does: the shorter side by bilinear filtering, then the middle. */
    public static TrainingPictures framed(List<Picture> instance, List<Picture> prior, int resolution) {
        requireSameSize("instance", instance, i -> "number " + (i + 1));
        return new TrainingPictures(
                instance.stream().map(p -> square(p, resolution)).toList(),
                prior.stream().map(p -> square(p, resolution)).toList());
    }

    private static Picture square(Picture picture, int resolution) {
        return Framing.square(picture, resolution, Resampling.BILINEAR);
    }

    /**
     * Reads files of one size.
     *
     * @throws TrainingException that names the file which is no picture, or whose size differs from the first's
     */
    public static List<Picture> read(List<Path> files) {
        List<Picture> pictures = files.stream().map(TrainingPictures::read).toList();
        requireSameSize("instance", pictures, i -> files.get(i).toString());
        return pictures;
    }

    private static Picture read(Path file) {
        try {
            return PictureReader.DEFAULT.read(file);
        } catch (PictureException e) {
            throw new TrainingException(Reason.UNREADABLE_PICTURE, file + ": " + e.getMessage(), e);
        }
    }

    private static void requireSameSize(String what, List<Picture> pictures, IntFunction<String> name) {
        for (int i = 1; i < pictures.size(); i++) {
            Picture first = pictures.getFirst();
            Picture other = pictures.get(i);
            if (first.width() != other.width() || first.height() != other.height()) {
                throw new TrainingException(
                        Reason.BAD_PICTURES,
                        "%s pictures are of mixed sizes: %s is %dx%d, %s is %dx%d"
                                .formatted(
                                        what,
                                        name.apply(0),
                                        first.width(),
                                        first.height(),
                                        name.apply(i),
                                        other.width(),
                                        other.height()));
            }
        }
    }

    /** Pairs of an epoch: every picture of the larger set comes once. */
    int pairs() {
        return Math.max(instance.size(), prior.size());
    }

    /** SHA-256 over all samples, to tell whether a checkpoint is of these pictures. */
    String fingerprint() {
        MessageDigest digest = sha256();
        for (List<Picture> pictures : List.of(instance, prior)) {
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(pictures.size()).flip());
            pictures.forEach(picture -> digest.update(picture.rgb()));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Instance and prior picture of pair {@code i}. */
    int[] pair(int i) {
        return IntStream.of(instance.size(), prior.size())
                .map(n -> n == 0 ? -1 : i % n)
                .toArray();
    }
}
