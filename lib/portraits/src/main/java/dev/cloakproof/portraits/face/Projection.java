package dev.cloakproof.portraits.face;

/** Where points of the head lie in the picture. */
final class Projection {
    private final Pose pose;
    private final Rotation rotation;
    private final int size;

    Projection(Pose pose, Rotation rotation, int size) {
        this.pose = pose;
        this.rotation = rotation;
        this.size = size;
    }

    /** A point in head coordinates in pixels from the picture's upper left corner. */
    Annotation.Point pixel(float x, float y, float z) {
        float sceneX = rotation.xx * x + rotation.xy * y + rotation.xz * z;
        float sceneY = rotation.yx * x + rotation.yy * y + rotation.yz * z;
        return new Annotation.Point(
                (pose.x() + sceneX * pose.scale()) * size, (pose.y() - sceneY * pose.scale()) * size);
    }
}
