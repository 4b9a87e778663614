package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Canvas.Painter;
import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;

/** Bands that swing across the picture. */
final class WavesPaint implements Painter {
    private final Artist artist;
    private final float sin;
    private final float cos;
    private final float bands;
    private final float swing;
    private final float length;
    private final float phase;

    WavesPaint(Artist artist, Artwork work) {
        this.artist = artist;
        double angle = StrictMath.toRadians(work.tilt());
        sin = (float) StrictMath.sin(angle);
        cos = (float) StrictMath.cos(angle);
        bands = (work.count() + 2) / artist.scale();
        swing = work.dice().between("swing", 0.02f, 0.09f);
        length = work.dice().between("length", 0.8f, 2.2f);
        phase = work.dice().unit("phase");
    }

    @Override
    public void paint(float x, float y, Paint paint) {
        float u = x * cos + y * sin;
        float v = y * cos - x * sin + 1;
        float level = (v + swing * Noise.wave(u * length + phase)) * bands;
        int band = (int) Noise.floor(level);
        float within = level - band;
        Palette palette = artist.palette();
        Colour colour = band % 3 == 0 ? palette.ground() : palette.ink(artist.first() + band);
        paint.set(colour);
        Shape.fill(artist, -Math.min(within, 1 - within) / bands, colour, within * 2 - 1, paint);
    }
}
