package dev.cloakproof.portraits.face;

import static dev.cloakproof.portraits.Noise.bump;

import dev.cloakproof.portraits.Colour;

/** Two ears, where no hair hides them. */
final class EarSurface implements Surface {
    private final Colour colour;
    private final Ellipsoid left;
    private final Ellipsoid right;
    private final HairLine hairLine;

    EarSurface(Identity identity, HairLine hairLine, Rotation rotation) {
        this.hairLine = hairLine;
        Ears ears = identity.ears();
        Colour skin = identity.skin().colour();
        colour = new Colour(skin.red(), skin.green() * 0.92f, skin.blue() * 0.92f);
        float x = identity.skull().width() - 0.03f + ears.out() / 3;
        left = Ellipsoid.head(rotation, -x, -0.1f, -0.05f, 0.07f + ears.out() * 0.6f, ears.size(), 0.14f);
        right = Ellipsoid.head(rotation, x, -0.1f, -0.05f, 0.07f + ears.out() * 0.6f, ears.size(), 0.14f);
    }

    @Override
    public void meet(Ray ray, Hit hit) {
        meet(left, ray, hit);
        meet(right, ray, hit);
    }

    private void meet(Ellipsoid ear, Ray ray, Hit hit) {
        float at = ear.enter(ray, 1);
        if (at <= hit.depth) {
            return;
        }
        float x = ray.ax + at * ray.dx;
        float y = ray.ay + at * ray.dy;
        float z = ray.az + at * ray.dz;
        if (!hairLine.covers(x, y, z)) {
            hit.head(this, ray, at, 0, ear.normalX(x), ear.normalY(y), ear.normalZ(z));
        }
    }

    @Override
    public void paint(Hit hit) {
        hit.part = Part.EARS;
        hit.colour(colour);
        hit.gloss = 0.08f;
        float dx = (Math.abs(hit.x) - right.cx) / right.rx;
        float dy = (hit.y - right.cy) / right.ry;
        hit.times(1 - 0.38f * bump((float) Math.sqrt(dx * dx + dy * dy) * 1.7f));
        hit.lit = 0.85f;
    }
}
