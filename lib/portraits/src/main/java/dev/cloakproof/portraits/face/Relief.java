package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;
import static dev.cloakproof.portraits.Noise.step;

/**
 * How far a face stands out of the rounded skull, as a height map over the face's (x, y): sampled once a picture, since
 * a ray looks at it many times.
 */
final class Relief {
    private static final float LEFT = -0.8f;
    private static final float BOTTOM = -1.1f;
    private static final int COLUMNS = 78;
    private static final int ROWS = 96;
    private static final float CELLS_PER_UNIT = 48;

    private final float[] height = new float[COLUMNS * ROWS];
    private final float[] slopeX = new float[COLUMNS * ROWS];
    private final float[] slopeY = new float[COLUMNS * ROWS];
    private final float[] hollow = new float[COLUMNS * ROWS];

    Relief(Identity identity, Expression expression) {
        for (int row = 0; row < ROWS; row++) {
            float y = BOTTOM + row / CELLS_PER_UNIT;
            for (int column = 0; column < COLUMNS; column++) {
                // The two halves of a face are alike.
                float x = Math.abs(LEFT + column / CELLS_PER_UNIT);
                height[row * COLUMNS + column] = height(identity, expression, x, y);
            }
        }
        for (int row = 1; row < ROWS - 1; row++) {
            for (int column = 1; column < COLUMNS - 1; column++) {
                int i = row * COLUMNS + column;
                slopeX[i] = (height[i + 1] - height[i - 1]) * CELLS_PER_UNIT / 2;
                slopeY[i] = (height[i + COLUMNS] - height[i - COLUMNS]) * CELLS_PER_UNIT / 2;
            }
        }
        // Light from all around reaches a hollow less: the mean of a neighbourhood minus the point itself.
        int reach = 4;
        for (int row = reach; row < ROWS - reach; row++) {
            for (int column = reach; column < COLUMNS - reach; column++) {
                int i = row * COLUMNS + column;
                float around = height[i - reach]
                        + height[i + reach]
                        + height[i - reach * COLUMNS]
                        + height[i + reach * COLUMNS];
                hollow[i] = around / 4 - height[i];
            }
        }
    }

    private static float height(Identity identity, Expression expression, float x, float y) {
        Skull skull = identity.skull();
        Eyes eyes = identity.eyes();
        float smile = Math.max(0, expression.smile());
        float ex = (x - eyes.spacing());
        float browY = eyes.height() + identity.brows().height();
        float h = -0.075f * bump(length(ex / 0.25f, (y - eyes.height() - 0.02f) / 0.19f));
        // The ball of the eye under the lids.
        h += 0.035f * bump(length(ex / (eyes.width() * 1.15f), (y - eyes.height()) / 0.12f));
        h += 0.035f * bump(length((x - 0.2f) / 0.38f, (y - browY) / 0.14f));
        h += skull.cheek() * bump(length((x - 0.42f) / 0.27f, (y + 0.22f) / 0.26f));
        h += 0.045f * smile * bump(length((x - 0.34f) / 0.2f, (y + 0.3f) / 0.2f));
        h += skull.chin() * bump(length(x / 0.3f, (y + 0.87f) / 0.2f));
        h += nose(identity.nose(), eyes.height(), x, y);
        return h + lips(identity.mouth(), expression, x, y);
    }

    private static float nose(Nose nose, float eyeHeight, float x, float y) {
        float top = eyeHeight + 0.12f;
        float h = 0;
        if (y < top && y > nose.tip() - 0.2f) {
            float down = Math.min(1, (top - y) / (top - nose.tip()));
            float width = 0.10f + 0.05f * down;
            float out = nose.bridge() * step(0, 0.35f, down) + (nose.length() - nose.bridge()) * 0.6f * down * down;
            // Below the tip the nose falls back to the lip.
            float under = step(nose.tip() - 0.11f, nose.tip() + 0.01f, y);
            h += out * under * bump(x / width);
        }
        h += nose.length() * 0.45f * bump(length(x / (nose.bulb() * 1.25f), (y - nose.tip()) / nose.bulb()));
        float wing = nose.width() - 0.035f;
        return h + 0.065f * bump(length((x - wing) / 0.075f, (y - nose.tip() + 0.02f) / 0.085f));
    }

    private static float lips(Mouth mouth, Expression expression, float x, float y) {
        float rise = MouthLine.rise(expression, x / mouth.width());
        float line = mouth.height() + rise;
        float upper = bump((y - line - mouth.upper() * 0.5f) / (mouth.upper() * 1.1f));
        float lower = bump((y - line + mouth.lower() * 0.6f) / (mouth.lower() * 1.1f));
        float along = bump(x / (mouth.width() * 1.1f));
        float muzzle = 0.035f * bump(length(x / 0.34f, (y - mouth.height()) / 0.26f));
        return muzzle + along * (0.03f * upper + 0.04f * lower);
    }

    private static float length(float x, float y) {
        float square = x * x + y * y;
        return square >= 1 ? 1 : (float) Math.sqrt(square);
    }

    float height(float x, float y) {
        return at(height, x, y);
    }

    float slopeX(float x, float y) {
        return at(slopeX, x, y);
    }

    float slopeY(float x, float y) {
        return at(slopeY, x, y);
    }

    /** How hollow the face is: positive in hollows, in head coordinates. */
    float hollow(float x, float y) {
        return at(hollow, x, y);
    }

    /** Between four grid points; 0 outside of the map. */
    private static float at(float[] map, float x, float y) {
        float gx = (x - LEFT) * CELLS_PER_UNIT;
        float gy = (y - BOTTOM) * CELLS_PER_UNIT;
        if (gx < 0 || gy < 0 || gx >= COLUMNS - 1 || gy >= ROWS - 1) {
            return 0;
        }
        int column = (int) gx;
        int row = (int) gy;
        float u = gx - column;
        float v = gy - row;
        int i = row * COLUMNS + column;
        float low = map[i] + (map[i + 1] - map[i]) * u;
        float high = map[i + COLUMNS] + (map[i + COLUMNS + 1] - map[i + COLUMNS]) * u;
        return low + (high - low) * v;
    }
}
