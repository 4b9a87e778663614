package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Dice;

/**
 * What a face does.
 *
 * @param smile from -0.4 (sad) over 0 (at rest) to 1 (laughing)
 * @param open how far the mouth stands open, 0 to 1; teeth show from {@link #TEETH}
 * @param raise how far the brows are raised, -1 (frown) to 1
 * @param lids how far the eyes are open, 0.65 to 1.1
 * @param gazeX where the eyes look, from -1 (the picture's left) to 1
 * @param gazeY where the eyes look, from -1 (down) to 1
 */
public record Expression(float smile, float open, float raise, float lids, float gazeX, float gazeY) {
    /** From here on the mouth shows teeth. */
    public static final float TEETH = 0.2f;

    /** From here on a caption calls it a smile. */
    public static final float SMILING = 0.35f;

    static Expression of(Dice dice) {
        float smile =
                dice.chance("smiling", 0.55f) ? dice.between("smile", 0.4f, 1) : dice.between("smile", -0.4f, 0.2f);
        return new Expression(
                smile,
                smile > SMILING && dice.chance("laughing", 0.6f) ? dice.between("open", 0.35f, 1) : 0,
                dice.around("raise", -1, 1),
                dice.between("lids", 0.75f, 1.1f),
                dice.around("gazeX", -1, 1),
                dice.around("gazeY", -0.7f, 0.7f));
    }
}
