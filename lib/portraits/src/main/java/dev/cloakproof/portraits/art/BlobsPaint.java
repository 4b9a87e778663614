package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Canvas.Painter;
import dev.cloakproof.portraits.Noise;
import java.util.List;

/** Soft abstract shapes that flow over each other. */
final class BlobsPaint implements Painter {
    private final Artist artist;
    private final List<Shape> shapes;
    private final int salt;

    BlobsPaint(Artist artist, Artwork work) {
        this.artist = artist;
        shapes = Shape.arranged(artist, work, List.of(Shape.Form.DISC));
        salt = work.dice().below("salt", 1 << 20);
    }

    @Override
    public void paint(float x, float y, Paint paint) {
        paint.set(artist.palette().ground());
        // The plane itself is bent, so discs become blobs.
        float bentX = x + 0.16f * (Noise.value(x * 4 + 10, y * 4 + 10, salt) - 0.5f);
        float bentY = y + 0.16f * (Noise.value(x * 4 + 30, y * 4 + 30, salt) - 0.5f);
        for (Shape shape : shapes) {
            shape.paint(artist, bentX, bentY, paint);
        }
    }
}
