package dev.cloakproof.portraits.art;

import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Canvas.Painter;
import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Dice;
import java.util.ArrayList;
import java.util.List;

/** Bottles, bowls and fruit of simple shapes on a table. */
final class StillLifePaint implements Painter {
    private final Artist artist;
    private final Artwork work;
    private final List<Shape> things = new ArrayList<>();

    StillLifePaint(Artist artist, Artwork work) {
        this.artist = artist;
        this.work = work;
        int count = 3 + work.count() / 3;
        for (int i = 0; i < count; i++) {
            Dice dice = work.dice().of(i);
            float x = (i + 0.5f) / count + dice.between("x", -0.05f, 0.05f);
            float floor = work.horizon() + dice.between("depth", 0.04f, 0.22f);
            float size = artist.scale() * dice.between("size", 0.07f, 0.105f);
            Colour colour = artist.palette().ink(artist.first() + i);
            switch (dice.below("thing", 3)) {
                case 0 -> bottle(x, floor, size, colour);
                case 1 -> bowl(x, floor, size, colour);
                default -> fruit(x, floor, size, colour);
            }
        }
    }

    private void bottle(float x, float floor, float size, Colour colour) {
        things.add(Shape.of(x, floor - size * 2.9f, size * 0.32f, size * 0.8f, 0, Shape.Form.BOX, colour));
        things.add(Shape.of(x, floor - size * 1.1f, size * 0.75f, size * 1.2f, 0, Shape.Form.BOX, colour));
        things.add(Shape.of(
                x,
                floor - size,
                size * 0.55f,
                size * 0.5f,
                0,
                Shape.Form.BOX,
                artist.palette().ground()));
    }

    private void bowl(float x, float floor, float size, Colour colour) {
        things.add(Shape.of(
                x,
                floor - size * 0.9f,
                size * 0.5f,
                size * 0.5f,
                0,
                Shape.Form.DISC,
                artist.palette().ink(artist.first() + 1)));
        things.add(Shape.of(x, floor - size * 0.35f, size * 1.4f, size * 0.5f, 0, Shape.Form.DISC, colour));
    }

    private void fruit(float x, float floor, float size, Colour colour) {
        things.add(
                Shape.of(x, floor - size * 1.7f, size * 0.12f, size * 0.4f, 12, Shape.Form.BOX, Colour.of(0x4a3018)));
        things.add(Shape.of(x, floor - size * 0.8f, size * 0.9f, size * 0.8f, 0, Shape.Form.DISC, colour));
    }

    @Override
    public void paint(float x, float y, Paint paint) {
        paint.set(artist.palette().ground());
        Shape.fill(
                artist,
                work.horizon() - y,
                artist.palette().ink(artist.first() + 3).times(0.8f),
                1,
                paint);
        for (Shape thing : things) {
            thing.paint(artist, x, y, paint);
        }
    }
}
