package dev.cloakproof.portraits.face;

/** An ellipsoid along the axes of the head or of the scene, as parallel rays of one direction meet it. */
final class Ellipsoid {
    final float cx;
    final float cy;
    final float cz;
    final float rx;
    final float ry;
    final float rz;
    private final float ix;
    private final float iy;
    private final float iz;
    // The rays' direction in units of the radii, its square and the inverse of that.
    private final float qx;
    private final float qy;
    private final float qz;
    private final float square;
    private final float inverse;

    /**
     * An ellipsoid that turns with the head.
     *
     * @param cx its middle, in head coordinates
     * @param cy its middle
     * @param cz its middle
     * @param rx half its width
     * @param ry half its height
     * @param rz half its depth
     */
    static Ellipsoid head(Rotation rotation, float cx, float cy, float cz, float rx, float ry, float rz) {
        return new Ellipsoid(rotation.zx, rotation.zy, rotation.zz, cx, cy, cz, rx, ry, rz);
    }

    /** An ellipsoid that stays upright, in scene coordinates. */
    static Ellipsoid scene(float cx, float cy, float cz, float rx, float ry, float rz) {
        return new Ellipsoid(0, 0, 1, cx, cy, cz, rx, ry, rz);
    }

    private Ellipsoid(float dx, float dy, float dz, float cx, float cy, float cz, float rx, float ry, float rz) {
        this.cx = cx;
        this.cy = cy;
        this.cz = cz;
        this.rx = rx;
        this.ry = ry;
        this.rz = rz;
        ix = 1 / rx;
        iy = 1 / ry;
        iz = 1 / rz;
        qx = dx * ix;
        qy = dy * iy;
        qz = dz * iz;
        square = qx * qx + qy * qy + qz * qz;
        inverse = 1 / square;
    }

    /**
     * The z at which a ray in head coordinates enters it, or {@link Hit#NOTHING}.
     *
     * @param grow a factor on its size
     */
    float enter(Ray ray, float grow) {
        return enter(ray.ax, ray.ay, ray.az, grow);
    }

    /** {@link #enter} of a ray in scene coordinates. */
    float enterScene(Ray ray) {
        return enter(ray.x, ray.y, 0, 1);
    }

    private float enter(float ax, float ay, float az, float grow) {
        float px = (ax - cx) * ix;
        float py = (ay - cy) * iy;
        float pz = (az - cz) * iz;
        float b = px * qx + py * qy + pz * qz;
        float c = px * px + py * py + pz * pz - grow * grow;
        float discriminant = b * b - square * c;
        return discriminant < 0 ? Hit.NOTHING : ((float) Math.sqrt(discriminant) - b) * inverse;
    }

    float normalX(float x) {
        return (x - cx) * ix * ix;
    }

    float normalY(float y) {
        return (y - cy) * iy * iy;
    }

    float normalZ(float z) {
        return (z - cz) * iz * iz;
    }
}
