package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Canvas.Painter;
import dev.cloakproof.portraits.Dice;
import dev.cloakproof.portraits.Noise;

/** Silhouettes of ridges, one before the other, under a sun. */
final class LandscapePaint implements Painter {
    private final Artist artist;
    private final Artwork work;
    private final Shape sun;
    private final int ridges;
    private final int salt;
    private final boolean pointed;

    LandscapePaint(Artist artist, Artwork work) {
        this.artist = artist;
        this.work = work;
        Dice dice = work.dice();
        salt = dice.below("salt", 1 << 20);
        ridges = 2 + work.count() / 3;
        pointed = artist.first() % 2 == 0;
        float radius = 0.09f * artist.scale();
        sun = Shape.of(
                dice.between("sunX", 0.15f, 0.85f),
                dice.between("sunY", 0.12f, work.horizon() - 0.1f),
                radius,
                radius,
                0,
                Shape.Form.DISC,
                artist.palette().ink(artist.first() + 2));
    }

    @Override
    public void paint(float x, float y, Paint paint) {
        paint.set(artist.palette().ground());
        paint.over(artist.palette().ink(artist.first() + 3), 0.45f * Noise.step(0, work.horizon(), y));
        sun.paint(artist, x, y, paint);
        for (int ridge = 0; ridge < ridges; ridge++) {
            float top = work.horizon() - 0.08f + ridge * (1.06f - work.horizon()) / ridges - rise(x, ridge);
            Shape.fill(artist, top - y, artist.palette().ink(artist.first() + ridge), (y - top) * 3 - 1, paint);
        }
    }

    private float rise(float x, int ridge) {
        float grain = (3.2f - 0.4f * ridge) / artist.scale();
        float at = x * grain + 10 + 0.37f * ridge;
        if (!pointed) {
            return 0.24f * (Noise.value(at, ridge * 5, salt) - 0.35f);
        }
        int peak = (int) at;
        float from = Noise.corner(peak, ridge, salt);
        float to = Noise.corner(peak + 1, ridge, salt);
        return 0.26f * (from + (to - from) * (at - peak) - 0.35f);
    }
}
