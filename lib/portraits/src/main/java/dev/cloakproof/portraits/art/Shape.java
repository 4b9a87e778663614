package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Dice;
import dev.cloakproof.portraits.Noise;
import java.util.ArrayList;
import java.util.List;

/**
 * A flat shape; lengths are fractions of the picture's side.
 *
 * @param x its middle from the left
 * @param y its middle from the top
 * @param width half of it
 * @param height half of it
 * @param sin of the angle it leans by
 * @param cos of the angle it leans by
 * @param form its outline
 * @param colour its colour
 */
record Shape(float x, float y, float width, float height, float sin, float cos, Form form, Colour colour) {
    private static final float SOFT = 0.004f;

    /** Outlines. */
    enum Form {
        DISC,
        BOX,
        TRIANGLE,
        RING
    }

    static Shape of(float x, float y, float width, float height, float degrees, Form form, Colour colour) {
        double angle = StrictMath.toRadians(degrees);
        return new Shape(
                x, y, width, height, (float) StrictMath.sin(angle), (float) StrictMath.cos(angle), form, colour);
    }

    /** Shapes of an artist, arranged as a work wants them, the largest at the bottom. */
    static List<Shape> arranged(Artist artist, Artwork work, List<Form> forms) {
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < work.count(); i++) {
            Dice dice = work.dice().of(i);
            float along = (i + 0.5f) / work.count();
            float x = dice.between("x", 0.1f, 0.9f);
            float y = dice.between("y", 0.1f, 0.9f);
            switch (work.arrangement()) {
                case SCATTERED -> {}
                case CENTRED -> {
                    x = 0.5f + (x - 0.5f) * 0.35f;
                    y = 0.5f + (y - 0.5f) * 0.35f;
                }
                case DIAGONAL -> {
                    x = along + (x - 0.5f) * 0.15f;
                    y = (work.tilt() < 0 ? 1 - along : along) + (y - 0.5f) * 0.15f;
                }
                case ROWS -> {
                    int columns = work.count() > 6 ? 3 : 2;
                    int rows = (work.count() + columns - 1) / columns;
                    x = (i % columns + 0.5f) / columns;
                    y = (i / columns + 0.5f) / rows;
                }
            }
            float size = artist.scale() * (0.2f - 0.11f * along) * dice.between("size", 0.8f, 1.3f);
            shapes.add(of(
                    x,
                    y,
                    size,
                    size * dice.between("aspect", 0.6f, 1),
                    work.tilt() + dice.between("lean", -20, 20),
                    dice.pick("form", forms),
                    artist.palette().ink(artist.first() + i)));
        }
        return shapes;
    }

    /** The distance of a point to the outline, negative inside; roughly so for leaning triangles and flat discs. */
    float distance(float px, float py) {
        float dx = px - x;
        float dy = py - y;
        float u = dx * cos + dy * sin;
        float v = dy * cos - dx * sin;
        return switch (form) {
            case DISC -> round(u, v) - height;
            case RING -> Math.abs(round(u, v) - height * 0.75f) - height * 0.22f;
            case BOX -> Math.max(Math.abs(u) - width, Math.abs(v) - height);
            case TRIANGLE -> Math.max(v - height, Math.abs(u) * 0.87f - v * 0.5f - height * 0.5f);
        };
    }

    private float round(float u, float v) {
        float squeezed = u * height / width;
        return (float) Math.sqrt(squeezed * squeezed + v * v);
    }

    /** Lays the shape over what is there. */
    void paint(Artist artist, float px, float py, Paint paint) {
        fill(artist, distance(px, py), colour, (py - y) / height, paint);
    }

    /**
     * Fills up to an edge, with the artist's gradient and outline.
     *
     * @param distance to the edge, negative inside
     * @param down from -1 at the top of what is filled to 1 at its bottom
     */
    static void fill(Artist artist, float distance, Colour colour, float down, Paint paint) {
        float rim = artist.outline();
        if (distance > rim + SOFT) {
            return;
        }
        float cover = Noise.step(SOFT, -SOFT, distance);
        if (cover > 0) {
            float light = artist.gradient() * 0.3f * Math.max(0, Math.min(1, 0.5f - down * 0.5f));
            paint.over(colour, cover);
            paint.over(Colour.WHITE, cover * light);
        }
        if (rim > 0) {
            paint.over(Colour.of(0x1c1714), Noise.step(rim + SOFT, rim - SOFT, Math.abs(distance)));
        }
    }
}
