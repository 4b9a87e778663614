package dev.cloakproof.portraits.face;

import dev.cloakproof.tensor.image.Box;
import java.util.List;

/**
 * What is known of a portrait: the truth that detectors and parsers learn from. Positions are in pixels from the
 * picture's upper left corner, with fractions; left and right are the picture's.
 *
 * @param box the face from chin to forehead and ear to ear, hair and hat not counted, clipped to the picture
 * @param leftEye the middle of the left eye
 * @param rightEye the middle of the right eye
 * @param noseTip the tip of the nose
 * @param leftMouth the left corner of the mouth
 * @param rightMouth the right corner of the mouth
 * @param labels what every pixel shows
 */
public record Annotation(
        Box box, Point leftEye, Point rightEye, Point noseTip, Point leftMouth, Point rightMouth, LabelMap labels) {
    /** The height up to which a forehead counts as face, in head coordinates. */
    private static final float FOREHEAD = 0.6f;

    /** A place in the picture, in pixels. */
    public record Point(float x, float y) {}

    /** The five landmarks in the order of face detectors: eyes, nose, corners of the mouth, left before right. */
    public List<Point> landmarks() {
        return List.of(leftEye, rightEye, noseTip, leftMouth, rightMouth);
    }

    static Annotation of(
            Identity identity, Photograph photograph, HeadSurface head, Projection projection, byte[] parts, int size) {
        Eyes eyes = identity.eyes();
        Mouth mouth = identity.mouth();
        Expression expression = photograph.expression();
        float corner = MouthLine.halfWidth(mouth, expression);
        float cornerY = mouth.height() + MouthLine.rise(expression, corner / mouth.width());
        return new Annotation(
                box(head, projection, size),
                on(head, projection, -eyes.spacing(), eyes.height()),
                on(head, projection, eyes.spacing(), eyes.height()),
                on(head, projection, 0, identity.nose().tip()),
                on(head, projection, -corner, cornerY),
                on(head, projection, corner, cornerY),
                new LabelMap(size, parts));
    }

    private static Point on(HeadSurface head, Projection projection, float x, float y) {
        return projection.pixel(x, y, head.surface(x, y));
    }

    /** The bounds of points all over the face's half of the head. */
    private static Box box(HeadSurface head, Projection projection, int size) {
        float left = size;
        float top = size;
        float right = 0;
        float bottom = 0;
        for (float y = -1; y <= FOREHEAD; y += 0.1f) {
            float width = head.halfWidth(y);
            for (float across = -1; across <= 1; across += 0.125f) {
                Point point = on(head, projection, across * width, y);
                left = Math.min(left, point.x());
                top = Math.min(top, point.y());
                right = Math.max(right, point.x());
                bottom = Math.max(bottom, point.y());
            }
        }
        return new Box(Math.max(0, left), Math.max(0, top), Math.min(size, right), Math.min(size, bottom));
    }
}
