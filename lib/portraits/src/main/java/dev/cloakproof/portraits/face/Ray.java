package dev.cloakproof.portraits.face;

/**
 * A line of sight through a point of the picture, parallel to the scene's z: in scene coordinates (x, y, z) for all z,
 * in head coordinates (ax + z dx, ay + z dy, az + z dz). One object serves all rays of a picture.
 */
final class Ray {
    final Rotation rotation;
    final float dx;
    final float dy;
    final float dz;
    float x;
    float y;
    float ax;
    float ay;
    float az;

    Ray(Rotation rotation) {
        this.rotation = rotation;
        dx = rotation.zx;
        dy = rotation.zy;
        dz = rotation.zz;
    }

    /** Moves the ray to a point of the scene. */
    void through(float sceneX, float sceneY) {
        x = sceneX;
        y = sceneY;
        ax = rotation.xx * sceneX + rotation.yx * sceneY;
        ay = rotation.xy * sceneX + rotation.yy * sceneY;
        az = rotation.xz * sceneX + rotation.yz * sceneY;
    }
}
