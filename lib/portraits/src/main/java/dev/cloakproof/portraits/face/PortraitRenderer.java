package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Canvas;
import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Canvas.Painted;
import dev.cloakproof.tensor.image.Picture;

/**
 * Draws portraits: one parallel ray for every point that the canvas asks for, the nearest surface, its colour, the
 * light on it, and glasses over all.
 *
 * <p>Stateless; may be called from any number of threads.
 */
public final class PortraitRenderer {
    private PortraitRenderer() {}

    /**
     * A portrait with what is known of it.
     *
     * @param picture the portrait
     * @param annotation its ground truth
     */
    public record Annotated(Picture picture, Annotation annotation) {}

    /**
     * A square portrait.
     *
     * @param size its side in pixels, {@link Canvas#SMALLEST} to {@link Canvas#LARGEST}
     * @throws IllegalArgumentException if the size is out of range
     */
    public static Picture render(Identity identity, Photograph photograph, int size) {
        return new Scene(identity, photograph).paint(size).picture();
    }

    /** {@link #render} with the ground truth for detectors and parsers. */
    public static Annotated annotated(Identity identity, Photograph photograph, int size) {
        var scene = new Scene(identity, photograph);
        Painted painted = scene.paint(size);
        var projection = new Projection(photograph.pose(), scene.rotation, size);
        Annotation annotation = Annotation.of(identity, photograph, scene.head, projection, painted.parts(), size);
        return new Annotated(painted.picture(), annotation);
    }

    /** Everything that is built once a picture. */
    private static final class Scene {
        final Rotation rotation;
        final HeadSurface head;
        private final Pose pose;
        private final Lamp lamp;
        private final Surface[] surfaces;
        private final GlassesPaint glasses;
        private final BackgroundPaint background;

        Scene(Identity identity, Photograph photograph) {
            pose = photograph.pose();
            rotation = new Rotation(pose);
            lamp = new Lamp(photograph.light());
            var hairLine = new HairLine(identity);
            head = new HeadSurface(identity, photograph, lamp, rotation, hairLine);
            // The head comes last: its march is the dearest, and what hair and hat hide needs none.
            surfaces = new Surface[] {
                new HairSurface(identity, hairLine, rotation),
                new HatSurface(identity, rotation),
                new EarSurface(identity, hairLine, rotation),
                new BodySurface(identity, photograph, rotation),
                head
            };
            glasses = new GlassesPaint(identity);
            background = new BackgroundPaint(photograph.background());
        }

        Painted paint(int size) {
            var ray = new Ray(rotation);
            var hit = new Hit();
            return Canvas.paint(size, (x, y, paint) -> point(x, y, paint, ray, hit));
        }

        private void point(float x, float y, Paint paint, Ray ray, Hit hit) {
            ray.through((x - pose.x()) / pose.scale(), (pose.y() - y) / pose.scale());
            hit.clear();
            for (Surface surface : surfaces) {
                surface.meet(ray, hit);
            }
            if (hit.surface == null) {
                background.paint(x, y, paint);
                paint.part = Part.BACKGROUND.ordinal();
                return;
            }
            hit.surface.paint(hit);
            lamp.shade(hit);
            glasses.paint(ray, hit);
            paint.red = hit.red;
            paint.green = hit.green;
            paint.blue = hit.blue;
            paint.part = hit.part.ordinal();
        }
    }
}
