package dev.cloakproof.portraits.face;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.portraits.face.Annotation.Point;
import dev.cloakproof.tensor.image.Box;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnotationTest {
    private static final int SIZE = 96;
    private static final int PORTRAITS = 200;

    @Test
    void landmarksLieInTheBoxAndOnTheirParts() {
        int hidden = 0;
        for (long seed = 0; seed < PORTRAITS; seed++) {
            Annotation annotation = annotation(seed);
            Box box = annotation.box();
            for (Point point : annotation.landmarks()) {
                assertThat(point.x()).as("seed %d", seed).isBetween(box.left(), box.right());
                assertThat(point.y()).as("seed %d", seed).isBetween(box.top(), box.bottom());
            }
            Part eyes = Identity.of(seed).glasses().kind() == Glasses.Kind.TINTED ? Part.GLASSES : Part.EYES;
            hidden += near(annotation, annotation.leftEye(), eyes) ? 0 : 1;
            hidden += near(annotation, annotation.rightEye(), eyes) ? 0 : 1;
            hidden += near(annotation, annotation.leftMouth(), Part.MOUTH) ? 0 : 1;
            hidden += near(annotation, annotation.rightMouth(), Part.MOUTH) ? 0 : 1;
            hidden += near(annotation, annotation.noseTip(), Part.SKIN) ? 0 : 1;
        }
        // Hair in front of an eye, the far corner of a mouth in a turned face: 0.5 % of 1,000.
        assertThat(hidden).isLessThanOrEqualTo(5);
    }

    /** Within one and a half pixels. */
    private static boolean near(Annotation annotation, Point point, Part part) {
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                int x = (int) point.x() + dx;
                int y = (int) point.y() + dy;
                if (annotation.labels().at(x, y) == part) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void theBoxHoldsTheFaceAndLittleElse() {
        for (long seed = 0; seed < PORTRAITS; seed++) {
            Annotation annotation = annotation(seed);
            Box box = annotation.box();
            int inside = 0;
            int outside = 0;
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < SIZE; x++) {
                    Part part = annotation.labels().at(x, y);
                    if (part == Part.SKIN || part == Part.EYES || part == Part.MOUTH) {
                        boolean in = x + 1 > box.left() && x < box.right() && y + 1 > box.top() && y < box.bottom();
                        inside += in ? 1 : 0;
                        outside += in ? 0 : 1;
                    }
                }
            }
            float area = (box.right() - box.left()) * (box.bottom() - box.top());
            assertThat(inside / area).as("seed %d", seed).isGreaterThan(0.25f);
            // A bald crown lies above the forehead.
            assertThat(outside).as("seed %d", seed).isLessThan(inside / 2);
        }
    }

    @Test
    void everyPartIsLabelled() {
        Set<Part> found = EnumSet.noneOf(Part.class);
        for (long seed = 0; seed < 40; seed++) {
            for (byte ordinal : annotation(seed).labels().ordinals()) {
                found.add(Part.values()[ordinal]);
            }
        }
        assertThat(found).isEqualTo(EnumSet.allOf(Part.class));
    }

    @Test
    void eyesAndMouthAreLargeEnoughToSee() {
        int fewest = Integer.MAX_VALUE;
        for (long seed = 0; seed < PORTRAITS; seed++) {
            if (Identity.of(seed).glasses().kind() == Glasses.Kind.NONE) {
                Annotation annotation = annotation(seed);
                int eyes = 0;
                for (byte ordinal : annotation.labels().ordinals()) {
                    eyes += ordinal == Part.EYES.ordinal() ? 1 : 0;
                }
                fewest = Math.min(fewest, eyes);
            }
        }
        assertThat(fewest).isGreaterThan(25);
    }

    @Test
    void theFaceTurnsWithThePose() {
        Identity identity = Identity.of(1);
        assertThat(noseOffset(identity, 30)).isGreaterThan(noseOffset(identity, 0) + 5);
        assertThat(noseOffset(identity, -30)).isLessThan(noseOffset(identity, 0) - 5);
        Annotation straight = annotation(identity, new Pose(0, 0, 0, 0.5f, 0.5f, 0.38f));
        Annotation leaning = annotation(identity, new Pose(0, 0, 15, 0.5f, 0.5f, 0.38f));
        assertThat(straight.leftEye().y()).isEqualTo(straight.rightEye().y());
        // Its top leans to the right, so the right eye sinks.
        assertThat(leaning.rightEye().y()).isGreaterThan(leaning.leftEye().y() + 5);
        assertThat(annotation(identity, new Pose(0, 15, 0, 0.5f, 0.5f, 0.38f))
                        .noseTip()
                        .y())
                .isLessThan(straight.noseTip().y() - 3);
    }

    /** How far the nose stands to the right of the middle between the eyes, in pixels. */
    private static float noseOffset(Identity identity, float yaw) {
        Annotation annotation = annotation(identity, new Pose(yaw, 0, 0, 0.5f, 0.5f, 0.38f));
        return annotation.noseTip().x()
                - (annotation.leftEye().x() + annotation.rightEye().x()) / 2;
    }

    private static Annotation annotation(Identity identity, Pose pose) {
        Photograph other = Photograph.of(0);
        var photograph = new Photograph(pose, other.expression(), other.light(), other.background(), other.clothes());
        return PortraitRenderer.annotated(identity, photograph, SIZE).annotation();
    }

    private static Annotation annotation(long seed) {
        return PortraitRenderer.annotated(Identity.of(seed), Photograph.of(seed), SIZE)
                .annotation();
    }
}
