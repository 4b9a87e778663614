package dev.cloakproof.pretraining.world;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.art.ArtworkDomain;
import dev.cloakproof.portraits.face.Annotation;
import dev.cloakproof.portraits.face.Identity;
import dev.cloakproof.portraits.face.Photograph;
import dev.cloakproof.portraits.face.PortraitRenderer;
import dev.cloakproof.tensor.image.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * The pictures that training looks at, drawn when first asked for and kept in a mapped file, so that several trainings
 * share the drawing. Picture {@code i} shows subject {@code i / WORKS} in work {@code i}; all of them may be trained on.
 * Losing the file loses time only.
 */
public final class Album implements AutoCloseable {
    /** Pictures of each subject. */
    public static final int WORKS = 8;

    private static final int PORTRAITS = 80_000;
    private static final int ARTWORKS = 24_000;
    private static final int MARKS = 10;
    private static final ValueLayout.OfByte FLAG = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfFloat NUMBER = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** The two domains of the synthetic world. */
    public enum Kind {
        PORTRAIT(PORTRAITS),
        ARTWORK(ARTWORKS);

        private final int count;

        Kind(int count) {
            this.count = count;
        }

        /** How many pictures there are. */
        public int count() {
            return count;
        }

        /** How many subjects these show. */
        public int subjects() {
            return count / WORKS;
        }
    }

    /**
     * A portrait with its truth.
     *
     * @param box left, top, right, bottom of the face in pixels
     * @param landmarks x and y of eyes, nose and corners of the mouth, left before right, in pixels
     * @param parts ordinals of {@link dev.cloakproof.portraits.face.Part}, row by row
     */
    public record Portrait(Picture picture, float[] box, float[] landmarks, byte[] parts) {}

    private final int size;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment portraits;
    private final MemorySegment artworks;
    private final ArtworkDomain art = new ArtworkDomain();

    /** @param folder where the files lie; made if it is not there */
    public Album(Path folder, int size) {
        this.size = size;
        try {
            Files.createDirectories(folder);
            portraits = map(folder.resolve("portraits-" + size + ".album"), PORTRAITS);
            artworks = map(folder.resolve("artworks-" + size + ".album"), ARTWORKS);
        } catch (IOException e) {
            throw new UncheckedIOException("the album in " + folder + " cannot be opened", e);
        }
        forgetIfDrawnOtherwise();
    }

    /** The side of all pictures. */
    public int size() {
        return size;
    }

    public Picture picture(Kind kind, int index) {
        return switch (kind) {
            case PORTRAIT -> picture(portraits, index);
            case ARTWORK -> picture(artworks, index);
        };
    }

    public Portrait portrait(int index) {
        Picture picture = picture(portraits, index);
        long at = index * record() + 1 + rgbBytes();
        byte[] parts = portraits.asSlice(at, (long) size * size).toArray(FLAG);
        float[] numbers = new float[4 + MARKS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = portraits.get(NUMBER, at + (long) size * size + 4L * i);
        }
        return new Portrait(picture, Arrays.copyOf(numbers, 4), Arrays.copyOfRange(numbers, 4, numbers.length), parts);
    }

    /** Draws a picture that is not kept, with its truth: for looking at people nothing trains on. */
    public static Portrait draw(long subject, long work, int size) {
        return draw(Identity.of(subject), work, size);
    }

    /** As above, of somebody who is no subject of a seed. */
    public static Portrait draw(Identity identity, long work, int size) {
        PortraitRenderer.Annotated drawn = PortraitRenderer.annotated(identity, Photograph.of(work), size);
        Annotation truth = drawn.annotation();
        List<Annotation.Point> marks = truth.landmarks();
        float[] landmarks = new float[MARKS];
        for (int i = 0; i < marks.size(); i++) {
            landmarks[2 * i] = marks.get(i).x();
            landmarks[2 * i + 1] = marks.get(i).y();
        }
        var box = truth.box();
        return new Portrait(
                drawn.picture(),
                new float[] {box.left(), box.top(), box.right(), box.bottom()},
                landmarks,
                truth.labels().ordinals());
    }

    private Picture picture(MemorySegment file, int index) {
        long at = index * record();
        if (file.get(FLAG, at) == 0) {
            fill(file, index, at);
        }
        VarHandle.acquireFence();
        return Picture.of(size, size, file.asSlice(at + 1, rgbBytes()).toArray(FLAG));
    }

    /** Two processes may draw the same picture at once: they write the same bytes. */
    private void fill(MemorySegment file, int index, long at) {
        long subject = Seeds.training(index / WORKS);
        if (file == portraits) {
            Portrait drawn = draw(subject, index, size);
            write(file, at + 1, drawn.picture().rgb());
            write(file, at + 1 + rgbBytes(), drawn.parts());
            long numbers = at + 1 + rgbBytes() + (long) size * size;
            for (int i = 0; i < 4; i++) {
                file.set(NUMBER, numbers + 4L * i, drawn.box()[i]);
            }
            for (int i = 0; i < MARKS; i++) {
                file.set(NUMBER, numbers + 16 + 4L * i, drawn.landmarks()[i]);
            }
        } else {
            write(file, at + 1, art.render(subject, index, size).rgb());
        }
        VarHandle.releaseFence();
        file.set(FLAG, at, (byte) 1);
    }

    /** An album of an older renderer starts anew. */
    private void forgetIfDrawnOtherwise() {
        boolean same = draw(0, 0, size).picture().equals(picture(portraits, 0))
                && art.render(0, 0, size).equals(picture(artworks, 0));
        if (!same) {
            portraits.fill((byte) 0);
            artworks.fill((byte) 0);
        }
    }

    private static void write(MemorySegment file, long at, byte[] bytes) {
        MemorySegment.copy(bytes, 0, file, FLAG, at, bytes.length);
    }

    private long rgbBytes() {
        return 3L * size * size;
    }

    private long record() {
        return 1 + rgbBytes() + (long) size * size + 4 * (4 + MARKS);
    }

    private MemorySegment map(Path file, int count) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, count * record(), arena);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
