package dev.cloakproof.vision.face;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.image.AffineMap;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.Plane;
import dev.cloakproof.vision.image.Warp;

/**
 * Puts a restored face back where it came from, with soft edges (sczhou/CodeFormer, {@code facelib}).
 *
 * <p>The original keeps fractions of levels between faces; here each paste gives whole levels, so where faces overlap a
 * level may differ by one. Only the surroundings of a face are touched and computed.
 */
public final class PasteBack {
    /** The mask's edge has a twentieth of the face's side. */
    private static final int EDGE = 20;

    private static final int[] BLACK = {0, 0, 0};

    private PasteBack() {}

    /**
     * @param background the picture at {@code scale} times its size
     * @param alignment of the original picture onto the face's square
     * @param scale 1, or how many times larger the background is than the original
     * @param parts which pixels of the face belong to it, 0 to 1, or null to take its whole square
     */
    public static Picture paste(Picture background, Picture face, AffineMap alignment, int scale, Plane parts) {
        AffineMap back = alignment.inverse().scaled(scale);
        // Pixels of the larger picture are counted from their middles.
        AffineMap placed = scale > 1 ? back.moved(0.5 * scale, 0.5 * scale) : back;
        Frame frame = around(placed, face, background, 2 * scale);
        if (frame == null) {
            return background;
        }
        Picture restored = Warp.picture(face, placed, frame, BLACK);
        Plane square = Warp.plane(Plane.filled(face.width(), face.height(), 1), placed, frame)
                .eroded(2 * scale);
        Plane soft = soft(square);
        Plane mask = parts == null ? soft : least(soft, Warp.plane(parts, placed, frame));
        return blend(background, frame, restored, square, mask);
    }

    /** The square shrunk by an edge whose width follows from its area, and blurred over that edge. */
    private static Plane soft(Plane square) {
        int edge = (int) Math.sqrt(square.sum()) / EDGE;
        return square.eroded(2 * edge).blurred(2 * edge + 1, 0);
    }

    private static Plane least(Plane a, Plane b) {
        float[] values = new float[a.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(a.values()[i], b.values()[i]);
        }
        return new Plane(a.width(), a.height(), values);
    }

    private static Picture blend(Picture background, Frame frame, Picture restored, Plane square, Plane mask) {
        byte[] to = background.rgb();
        byte[] from = restored.rgb();
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                float weight = mask.at(x, y);
                if (weight == 0) {
                    continue;
                }
                float inside = square.at(x, y);
                int target = ((frame.top() + y) * background.width() + frame.left() + x) * Picture.CHANNELS;
                int source = (y * frame.width() + x) * Picture.CHANNELS;
                for (int channel = 0; channel < Picture.CHANNELS; channel++) {
                    float pasted = inside * (from[source + channel] & 0xff);
                    double level = (double) weight * pasted + (1.0 - weight) * (to[target + channel] & 0xff);
                    to[target + channel] = (byte) (int) Math.clamp(level, 0.0, 255.0);
                }
            }
        }
        return Picture.of(background.width(), background.height(), to);
    }

    /** The part of the background that the face's square can touch; null if it lies outside. */
    private static Frame around(AffineMap map, Picture face, Picture background, int margin) {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (int corner = 0; corner < 4; corner++) {
            double x = corner % 2 == 0 ? 0 : face.width();
            double y = corner < 2 ? 0 : face.height();
            left = Math.min(left, map.x(x, y));
            right = Math.max(right, map.x(x, y));
            top = Math.min(top, map.y(x, y));
            bottom = Math.max(bottom, map.y(x, y));
        }
        int fromX = (int) Math.clamp(Math.floor(left) - margin, 0, background.width());
        int fromY = (int) Math.clamp(Math.floor(top) - margin, 0, background.height());
        int toX = (int) Math.clamp(Math.ceil(right) + margin, 0, background.width());
        int toY = (int) Math.clamp(Math.ceil(bottom) + margin, 0, background.height());
        return toX <= fromX || toY <= fromY ? null : new Frame(fromX, fromY, toX - fromX, toY - fromY);
    }
}
