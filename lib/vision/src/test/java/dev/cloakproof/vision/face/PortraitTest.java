package dev.cloakproof.vision.face;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.vision.Fixtures;
import dev.cloakproof.vision.GreyLevels;
import dev.cloakproof.vision.image.AffineMap;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.OpenCvResize;
import dev.cloakproof.vision.image.Plane;
import dev.cloakproof.vision.image.Warp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Alignment, resizing and paste-back on NASA's public-domain portrait of Eileen Collins against OpenCV 4.8
 * (geometry.py). The results lie in {@code target/portrait} to be looked at.
 */
class PortraitTest {
    private static final int[] BORDER = {132, 133, 135};
    private static final Path SEEN = Path.of("target", "portrait");

    private final Picture portrait = read("portrait.jpg");
    private final AffineMap alignment = alignment();

    @BeforeAll
    static void makeFolder() throws IOException {
        Files.createDirectories(SEEN);
    }

    @Test
    void theAlignedFace() {
        Picture aligned = Warp.picture(portrait, alignment, Frame.of(512, 512), BORDER);
        compare("aligned", GreyLevels.every(2, aligned));
        Picture edge = Warp.picture(portrait, alignment.moved(-250, 180), Frame.of(512, 512), BORDER);
        compare("aligned-edge", GreyLevels.every(4, edge));
    }

    @Test
    void theFaceBackInTwiceTheSize() {
        Picture large = OpenCvResize.linear(portrait, 1024, 1024);
        Picture pasted = PasteBack.paste(large, restored(), alignment, 2, parts());
        assertThat(pasted.crop(0, 500, 1024, 524)).isEqualTo(large.crop(0, 500, 1024, 524));
        compare("pasted", GreyLevels.every(2, pasted.crop(240, 60, 420, 380)));
    }

    @Test
    void theWholeSquareBackInPlace() {
        Picture pasted = PasteBack.paste(portrait, restored(), alignment, 1, null);
        compare("pasted-square", pasted.crop(110, 20, 230, 210));
    }

    @Test
    void aFaceOutsideOfThePictureChangesNothing() {
        assertThat(PasteBack.paste(portrait, restored(), alignment.moved(9000, 0), 1, null))
                .isEqualTo(portrait);
    }

    @Test
    void resizing() {
        compare("linear-up", OpenCvResize.linear(portrait.crop(192, 64, 64, 64), 150, 91));
        compare("linear-down", OpenCvResize.linear(portrait, 100, 71));
        compare("area", OpenCvResize.area(portrait, 150, 91));
    }

    /** The aligned face with its colours swapped, so that a paste is seen. */
    private Picture restored() {
        byte[] rgb =
                Warp.picture(portrait, alignment, Frame.of(512, 512), BORDER).rgb();
        byte[] swapped = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i += 3) {
            // blue, green, red -> green, red, blue
            swapped[i + 2] = rgb[i + 1];
            swapped[i + 1] = rgb[i];
            swapped[i] = rgb[i + 2];
        }
        return Picture.of(512, 512, swapped);
    }

    /** Scores that say: skin in an ellipse, hair above it, cloth below, background around. */
    private static Plane parts() {
        float[] scores = new float[19 * 512 * 512];
        for (int y = 0; y < 512; y++) {
            for (int x = 0; x < 512; x++) {
                double dx = (x - 256) / 150.0;
                double dy = (y - 290) / 190.0;
                int label = dx * dx + dy * dy < 1 ? 1 : y < 180 ? 17 : y > 440 ? 16 : 0;
                scores[label * 512 * 512 + y * 512 + x] = 1;
            }
        }
        try (var _ = Scope.open()) {
            return FaceParts.mask(Tensor.of(scores, 1, 19, 512, 512));
        }
    }

    /** The reference's own for the portrait: a millionth of a pixel can move a place to the next 1/32. */
    private static AffineMap alignment() {
        try {
            String[] first = Files.readAllLines(Fixtures.file("geometry", "alignments.tsv"))
                    .get(1)
                    .split("\t");
            double[] m = Arrays.stream(first, 10, 16)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new AffineMap(m[0], m[1], m[2], m[3], m[4], m[5]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compare(String name, Picture found) {
        PictureWriter.write(SEEN.resolve(name + ".png"), PictureWriter.png(found));
        GreyLevels.within(1, name, found, read(name + ".png"));
    }

    private static Picture read(String name) {
        return PictureReader.DEFAULT.read(Fixtures.file("geometry", name));
    }
}
