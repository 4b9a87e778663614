package dev.cloakproof.portraits.face;

/** The line between the lips of a moving mouth. */
final class MouthLine {
    private MouthLine() {}

    /**
     * How far the line stands above its height at rest, in head coordinates.
     *
     * @param u across the mouth: 0 in the middle, -1 and 1 at the corners of the mouth at rest
     */
    static float rise(Expression expression, float u) {
        return expression.smile() * (0.085f * Math.min(u * u, 1.6f) - 0.02f);
    }

    /** Half the width of the moving mouth, in head coordinates. */
    static float halfWidth(Mouth mouth, Expression expression) {
        return mouth.width() * (1 + 0.22f * Math.max(0, expression.smile()));
    }

    /** Half the gap between the lips in the middle, in head coordinates. */
    static float gap(Expression expression) {
        return 0.075f * expression.open();
    }
}
