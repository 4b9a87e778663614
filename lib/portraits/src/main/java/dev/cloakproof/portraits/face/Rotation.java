package dev.cloakproof.portraits.face;

/** Turns head coordinates into scene coordinates and back. */
final class Rotation {
    // Rows of the matrix that takes head coordinates to scene coordinates.
    final float xx;
    final float xy;
    final float xz;
    final float yx;
    final float yy;
    final float yz;
    final float zx;
    final float zy;
    final float zz;

    /** Yaw first, then pitch, then roll: the way a neck does it. */
    Rotation(Pose pose) {
        float sy = sin(pose.yaw());
        float cy = cos(pose.yaw());
        float sp = sin(pose.pitch());
        float cp = cos(pose.pitch());
        float sr = sin(pose.roll());
        float cr = cos(pose.roll());
        // After yaw and pitch: x' = (cy, 0, sy), y' = (-sp sy, cp, sp cy), z' = (-cp sy, -sp, cp cy).
        xx = cr * cy - sr * sp * sy;
        xy = sr * cp;
        xz = cr * sy + sr * sp * cy;
        yx = -sr * cy - cr * sp * sy;
        yy = cr * cp;
        yz = -sr * sy + cr * sp * cy;
        zx = -cp * sy;
        zy = -sp;
        zz = cp * cy;
    }

    /** Correctly the same everywhere; {@link Math#sin} need not be. */
    static float sin(float degrees) {
        return (float) StrictMath.sin(StrictMath.toRadians(degrees));
    }

    static float cos(float degrees) {
        return (float) StrictMath.cos(StrictMath.toRadians(degrees));
    }
}
