package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Canvas;
import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Canvas.Painter;
import dev.cloakproof.portraits.Noise;
import dev.cloakproof.tensor.image.Picture;

/** Draws artworks. Stateless; may be called from any number of threads. */
public final class ArtworkRenderer {
    private ArtworkRenderer() {}

    /**
     * A square artwork.
     *
     * @param size its side in pixels, {@link Canvas#SMALLEST} to {@link Canvas#LARGEST}
     * @throws IllegalArgumentException if the size is out of range
     */
    public static Picture render(Artist artist, Artwork work, int size) {
        Painter motif =
                switch (artist.style()) {
                    case GEOMETRIC -> ShapesPaint.of(artist, work);
                    case WAVES -> new WavesPaint(artist, work);
                    case LANDSCAPE -> new LandscapePaint(artist, work);
                    case STILL_LIFE -> new StillLifePaint(artist, work);
                    case BLOBS -> new BlobsPaint(artist, work);
                };
        double angle = StrictMath.toRadians(artist.strokeAngle());
        float sin = (float) StrictMath.sin(angle);
        float cos = (float) StrictMath.cos(angle);
        return Canvas.paint(size, (x, y, paint) -> {
                    motif.paint(x, y, paint);
                    texture(artist, x, y, sin, cos, paint);
                })
                .picture();
    }

    /** The canvas and the brush strokes, which are the artist's and the same in all works. */
    private static void texture(Artist artist, float x, float y, float sin, float cos, Paint paint) {
        float grain = 0.09f * artist.grain() * (Noise.value(x * 60, y * 60, 3) - 0.5f);
        float across = (x * cos + y * sin + 2) * 34;
        float along = (y * cos - x * sin + 2) * 6;
        float stroke = artist.strokes() == 0 ? 0 : 0.22f * artist.strokes() * (Noise.value(across, along, 4) - 0.5f);
        paint.times(1 + grain + stroke);
    }
}
