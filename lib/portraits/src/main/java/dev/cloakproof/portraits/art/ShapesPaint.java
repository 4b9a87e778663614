package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Canvas.Painter;
import java.util.List;

/** Geometric shapes on a plain ground. */
record ShapesPaint(Artist artist, List<Shape> shapes) implements Painter {
    static ShapesPaint of(Artist artist, Artwork work) {
        return new ShapesPaint(artist, Shape.arranged(artist, work, List.of(Shape.Form.values())));
    }

    @Override
    public void paint(float x, float y, Paint paint) {
        paint.set(artist.palette().ground());
        for (Shape shape : shapes) {
            shape.paint(artist, x, y, paint);
        }
    }
}
