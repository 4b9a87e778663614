package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.step;

import dev.cloakproof.portraits.Canvas.Paint;
import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;

/** What is behind the person, somewhat out of focus. */
final class BackgroundPaint {
    private static final int LIGHTS = 14;

    private final Background background;
    private final Colour wall;
    private final Colour low;
    private final Colour high;
    private final int salt;

    BackgroundPaint(Background background) {
        this.background = background;
        salt = background.salt();
        wall = background.dye().colour().mix(Colour.of(0xb9b4ac), 0.4f);
        // The sky: blue by day, red in the evening, grey.
        int hour = salt % 3;
        high = Colour.of(hour == 0 ? 0x6fa6dc : hour == 1 ? 0x7b86c0 : 0xa9b6c2);
        low = Colour.of(hour == 0 ? 0xd6e8f2 : hour == 1 ? 0xf2c49a : 0xdfe3e4);
    }

    /** The colour at a point of the picture, from (0, 0) at the upper left to (1, 1). */
    void paint(float x, float y, Paint paint) {
        switch (background.kind()) {
            case WALL -> {
                paint.set(wall);
                float dx = x - 0.3f - (salt & 3) * 0.13f;
                float dy = y - 0.3f;
                paint.times(1.08f - 0.55f * (dx * dx + dy * dy));
            }
            case HILLS -> hills(x, y, paint);
            case CITY -> city(x, y, paint);
            case STRIPES -> {
                paint.set(wall);
                float wave = Noise.wave(x * (5 + salt % 5) + (salt % 7) * 0.1f);
                paint.over(wall.mix(Colour.WHITE, 0.55f), step(-0.25f, 0.25f, wave));
            }
            case LIGHTS -> lights(x, y, paint);
            case SEA -> sea(x, y, paint);
            case SHELVES -> shelves(x, y, paint);
        }
    }

    private void sky(float y, float horizon, Paint paint) {
        paint.set(high);
        paint.over(low, step(0, horizon, y));
    }

    private void hills(float x, float y, Paint paint) {
        sky(y, 0.6f, paint);
        for (int ridge = 0; ridge < 3; ridge++) {
            float top = 0.36f + 0.17f * ridge - 0.22f * (Noise.value(x * (2.6f + ridge) + 20, ridge * 9, salt) - 0.4f);
            Colour green = Colour.of(ridge == 0 ? 0x8aa6a8 : ridge == 1 ? 0x66905c : 0x44703a);
            paint.over(green, step(top - 0.006f, top + 0.006f, y));
        }
    }

    private void city(float x, float y, Paint paint) {
        sky(y, 0.8f, paint);
        for (int row = 0; row < 2; row++) {
            float column = x * (6 - 2 * row) + 0.37f * row;
            int house = (int) column;
            float top = 0.12f + 0.22f * row + 0.34f * Noise.corner(house, row, salt);
            if (y < top || column - house < 0.06f) {
                continue;
            }
            float grey = 0.32f + 0.3f * Noise.corner(house, row + 5, salt);
            paint.set(new Colour(grey * 0.98f, grey, grey * 1.07f));
            float wx = (column - house) * 5;
            float wy = (y - top) * 18;
            boolean window = wx - (int) wx > 0.4f && wy - (int) wy > 0.45f;
            if (window && Noise.corner((int) wx + 9 * house, (int) wy, salt + row) > 0.35f) {
                paint.over(Colour.of(0xf3dd98), 0.75f);
            }
        }
    }

    private void lights(float x, float y, Paint paint) {
        paint.set(wall);
        paint.times(0.3f + 0.12f * y);
        for (int i = 0; i < LIGHTS; i++) {
            float dx = x - Noise.corner(i, 1, salt);
            float dy = y - Noise.corner(i, 2, salt);
            float radius = 0.035f + 0.075f * Noise.corner(i, 3, salt);
            float square = dx * dx + dy * dy;
            if (square < radius * radius * 1.2f) {
                float cover = step(radius * 1.06f, radius * 0.94f, (float) Math.sqrt(square));
                Colour glow = Colour.of(i % 3 == 0 ? 0xffe0a0 : i % 3 == 1 ? 0xff9c70 : 0x9cd0ff);
                paint.over(glow, cover * (0.35f + 0.4f * Noise.corner(i, 4, salt)));
            }
        }
    }

    private void sea(float x, float y, Paint paint) {
        float horizon = 0.42f + 0.1f * Noise.corner(1, 1, salt);
        sky(y, horizon, paint);
        float water = step(horizon - 0.004f, horizon + 0.004f, y);
        paint.over(Colour.of(0x2f7c9c), water);
        float sparkle = step(0.66f, 0.8f, Noise.value(x * 9 + 10, y * 42 + 10, salt));
        paint.over(Colour.of(0xbfe2ea), water * 0.5f * sparkle);
        float beach = 0.82f + 0.03f * Noise.wave(x + 0.2f);
        paint.over(Colour.of(0xe0cb9c), step(beach - 0.01f, beach + 0.01f, y));
    }

    private void shelves(float x, float y, Paint paint) {
        float rows = y * 4 + 0.3f;
        int shelf = (int) rows;
        float up = 1 - (rows - shelf);
        float across = x * 13 + shelf * 0.4f;
        int book = (int) across;
        float tall = 0.62f + 0.28f * Noise.corner(book, shelf, salt);
        paint.set(Colour.of(0x3a281c));
        if (up < 0.12f) {
            paint.set(Colour.of(0x85603c));
        } else if (up < tall) {
            Dye[] dyes = Dye.values();
            Colour cover = dyes[(int) (Noise.corner(book, shelf + 40, salt) * dyes.length)].colour();
            paint.set(cover.mix(Colour.of(0x5a4636), 0.4f));
            float edge = across - book;
            paint.times(0.65f + 0.4f * Noise.bump(edge * 2 - 1));
        }
    }
}
