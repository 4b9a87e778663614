package dev.cloakproof.portraits.face;

/** The skull with the face's relief, met by marching along the ray. */
final class HeadSurface implements Surface {
    private static final int MOST_STEPS = 14;
    private static final float NEAR_ENOUGH = 0.006f;
    private static final float SHORTEN = 0.8f;
    private static final float LEAST_SLOPE = 0.08f;
    private static final float LONGEST_STEP = 0.15f;
    private static final int SHELVES = 128;
    /** From this height up the head is equally wide. */
    private static final float WIDEST = 0.1f;
    /** How much fuller than a ball the upper head is. */
    private static final float CROWN = 0.3f;

    private final Relief relief;
    private final FacePaint paint;
    private final Ellipsoid bounds;
    private final Ellipsoid nose;
    private final float front;
    private final float back;
    private final float square;
    // 1 / half the width, over y in [-1.1, 1.1].
    private final float[] narrow = new float[SHELVES + 1];
    // The lamp's direction in head coordinates.
    private final float lampX;
    private final float lampY;
    private final float lampZ;

    HeadSurface(Identity identity, Photograph photograph, Lamp lamp, Rotation rotation, HairLine hairLine) {
        Skull skull = identity.skull();
        relief = new Relief(identity, photograph.expression());
        paint = new FacePaint(identity, photograph, relief, hairLine);
        front = 1 / skull.depth();
        back = 1 / (skull.depth() + 0.08f);
        square = skull.square();
        bounds = Ellipsoid.head(rotation, 0, 0, 0.02f, skull.width() * 1.22f + 0.04f, 1.08f, skull.depth() + 0.11f);
        nose = Ellipsoid.head(
                rotation,
                0,
                identity.nose().tip() + 0.1f,
                skull.depth() * 0.7f,
                0.26f,
                0.45f,
                skull.depth() * 0.3f + 0.26f);
        boolean beard = identity.beard().kind() == Beard.Kind.FULL;
        for (int i = 0; i <= SHELVES; i++) {
            float y = (i * 2f / SHELVES - 1) * 1.1f;
            float down = Math.max(0, Math.min(1, WIDEST - y));
            float width = skull.width() * (1 - skull.taper() * down * down * (3 - 2 * down));
            narrow[i] = 1 / (width + (beard ? 0.06f * down : 0));
        }
        lampX = rotation.xx * lamp.x + rotation.yx * lamp.y + rotation.zx * lamp.z;
        lampY = rotation.xy * lamp.x + rotation.yy * lamp.y + rotation.zy * lamp.z;
        lampZ = rotation.xz * lamp.x + rotation.yz * lamp.y + rotation.zz * lamp.z;
    }

    /** The square of a point's distance in units of the skull's radius there. */
    private float reach(float x, float y, float z) {
        float across = x * narrow(y);
        float out = z > 0 ? (z - relief.height(x, y)) * front : z * back;
        return across * across + tall(y) + out * out;
    }

    private float narrow(float y) {
        if (y >= WIDEST) {
            return narrow[SHELVES];
        }
        float at = (y / 1.1f + 1) * (SHELVES / 2f);
        int shelf = Math.max(0, (int) at);
        return narrow[shelf] + (narrow[shelf + 1] - narrow[shelf]) * (at - shelf);
    }

    /** The share of the radius that the height takes: somewhat fuller than a ball above, by the jaw below. */
    private float tall(float y) {
        float square2 = y * y;
        float full = y > 0 ? CROWN : square;
        return square2 * (1 - full + full * square2);
    }

    /** Half the derivative of {@link #tall}. */
    private float bulge(float y) {
        float full = y > 0 ? CROWN : square;
        return y * (1 - full) + 2 * full * y * y * y;
    }

    @Override
    public void meet(Ray ray, Hit hit) {
        float at = Math.max(bounds.enter(ray, 1), nose.enter(ray, 1));
        if (at <= hit.depth) {
            return;
        }
        float off = 1;
        for (int i = 0; i < MOST_STEPS && off > NEAR_ENOUGH && at > hit.depth; i++) {
            float x = ray.ax + at * ray.dx;
            float y = ray.ay + at * ray.dy;
            float z = ray.az + at * ray.dz;
            float inverse = narrow(y);
            float scale = z > 0 ? front : back;
            float across = x * inverse;
            float out = (z > 0 ? z - relief.height(x, y) : z) * scale;
            // Half the square is as good a measure as the distance itself near 1, and needs no root.
            off = (across * across + tall(y) + out * out - 1) / 2;
            // Newton's step with the slope of the smooth skull, shortened for the relief; a rounded body has no
            // hit behind the place where the ray runs along it.
            float slope = across * inverse * ray.dx + bulge(y) * ray.dy + out * scale * ray.dz;
            if (slope < LEAST_SLOPE) {
                break;
            }
            at -= Math.min(LONGEST_STEP, SHORTEN * off / slope);
        }
        if (off > 4 * NEAR_ENOUGH || at <= hit.depth) {
            return;
        }
        float x = ray.ax + at * ray.dx;
        float y = ray.ay + at * ray.dy;
        float z = ray.az + at * ray.dz;
        float inverse = narrow(y);
        float nx = x * inverse * inverse;
        float bend = (narrow(y + 0.02f) - narrow(y - 0.02f)) / 0.04f;
        float ny = bulge(y) + x * x * inverse * bend;
        float nz;
        if (z > 0) {
            nz = (z - relief.height(x, y)) * front * front;
            nx -= nz * relief.slopeX(x, y);
            ny -= nz * relief.slopeY(x, y);
        } else {
            nz = z * back * back;
        }
        hit.head(this, ray, at, 0, nx, ny, nz);
    }

    @Override
    public void paint(Hit hit) {
        hit.lit = shadow(hit.x, hit.y, hit.z);
        paint.paint(hit);
    }

    /** What the head itself leaves of the lamp's light: four looks towards the lamp. */
    private float shadow(float x, float y, float z) {
        float least = 1;
        float far = 0.05f;
        for (int i = 0; i < 4; i++) {
            float outside = reach(x + lampX * far, y + lampY * far, z + lampZ * far) - 1;
            least = Math.min(least, outside / far * 1.3f + 0.62f);
            far *= 1.7f;
        }
        return Math.max(0.12f, least);
    }

    /** The z of the face's surface in head coordinates over a point of the face. */
    float surface(float x, float y) {
        float across = x * narrow(y);
        float left = Math.max(0, 1 - across * across - tall(y));
        return (float) Math.sqrt(left) / front + relief.height(x, y);
    }

    /** Half the width of the skull's outline at a height, in head coordinates. */
    float halfWidth(float y) {
        return (float) Math.sqrt(Math.max(0, 1 - tall(y))) / narrow(y);
    }
}
