package dev.cloakproof.portraits.face;

import dev.cloakproof.portraits.Colour;
import dev.cloakproof.portraits.Noise;
import java.util.ArrayList;
import java.util.List;

/** Hair: a cap over the skull down to the hairline, and what falls, stands or is tied behind it. */
final class HairSurface implements Surface {
    private static final int CAP = 0;

    private final Hair hair;
    private final HairLine hairLine;
    private final Colour colour;
    private final Ellipsoid[] lobes;
    private final float curl;
    private final float grain;
    private final boolean hat;

    HairSurface(Identity identity, HairLine hairLine, Rotation rotation) {
        this.hairLine = hairLine;
        hair = identity.hair();
        colour = hair.colour().colour();
        hat = identity.hat().kind() != Hat.Kind.NONE;
        curl = switch (hair.style()) {
            case CURLY -> 0.17f;
            case AFRO -> 0.07f;
            case WAVY -> 0.09f;
            case MOHAWK -> 0.05f;
            default -> 0;
        };
        grain = switch (hair.style()) {
            case AFRO -> 10;
            case CURLY -> 5.5f;
            default -> 4;
        };
        lobes = lobes(identity.skull(), rotation).toArray(Ellipsoid[]::new);
    }

    private List<Ellipsoid> lobes(Skull skull, Rotation rotation) {
        float w = skull.width();
        float volume = volume();
        List<Ellipsoid> all = new ArrayList<>();
        all.add(Ellipsoid.head(
                rotation,
                0,
                0.15f,
                -0.05f,
                w + 0.01f + volume,
                0.87f + 0.85f * volume,
                skull.depth() + 0.08f + Math.min(0.2f, volume)));
        float side = hair.parting() < 0 ? -1 : 1;
        switch (hair.style()) {
            case BOB ->
                all.add(Ellipsoid.head(rotation, 0, -0.22f, -0.25f, w + 0.17f + 0.1f * hair.volume(), 0.72f, 0.62f));
            case LONG ->
                all.add(Ellipsoid.head(rotation, 0, -0.75f, -0.3f, w + 0.12f + 0.1f * hair.volume(), 1.45f, 0.52f));
            case WAVY ->
                all.add(Ellipsoid.head(rotation, 0, -0.6f, -0.3f, w + 0.27f + 0.14f * hair.volume(), 1.3f, 0.56f));
            case BUN -> all.add(Ellipsoid.head(rotation, 0, 1.1f, -0.25f, 0.29f, 0.25f, 0.3f));
            case PONYTAIL -> {
                all.add(Ellipsoid.head(rotation, side * (w + 0.02f), 0.45f, -0.4f, 0.2f, 0.2f, 0.2f));
                all.add(Ellipsoid.head(rotation, side * (w + 0.14f), -0.12f, -0.45f, 0.21f, 0.66f, 0.22f));
            }
            // What shows behind the face where the cap leaves it free.
            case FRINGE -> all.add(Ellipsoid.head(rotation, 0, 0.1f, -0.4f, w + volume, 0.75f, 0.45f));
            case CURLY ->
                all.add(Ellipsoid.head(rotation, 0, 0.1f, -0.4f, w + 0.9f * volume, 0.85f + 0.7f * volume, 0.45f));
            case AFRO ->
                all.add(Ellipsoid.head(rotation, 0, 0.28f, -0.4f, w + 0.95f * volume, 0.75f + 0.8f * volume, 0.45f));
            case MOHAWK -> all.add(Ellipsoid.head(rotation, 0, 0.3f, -0.1f, 0.17f, 1 + 0.2f * hair.volume(), 1));
            default -> {}
        }
        return all;
    }

    private float volume() {
        float v = hair.volume();
        return switch (hair.style()) {
            case BALD, BUZZ, MOHAWK -> 0.035f;
            case SHORT -> 0.05f + 0.06f * v;
            case SWEPT, FRINGE -> 0.07f + 0.07f * v;
            case BOB, WAVY -> 0.1f + 0.07f * v;
            case LONG -> 0.06f + 0.05f * v;
            case CURLY -> 0.18f + 0.13f * v;
            case AFRO -> 0.34f + 0.18f * v;
            case BUN, PONYTAIL -> 0.04f + 0.03f * v;
        };
    }

    @Override
    public void meet(Ray ray, Hit hit) {
        if (hair.style() == Hair.Style.BALD) {
            return;
        }
        float rough = curl == 0 ? 0 : Noise.value(ray.ax * grain + 50, ray.ay * grain + 50, 9) - 0.5f;
        for (int i = 0; i < lobes.length; i++) {
            Ellipsoid lobe = lobes[i];
            float at = lobe.enter(ray, 1 + curl * rough);
            if (at <= hit.depth) {
                continue;
            }
            float x = ray.ax + at * ray.dx;
            float y = ray.ay + at * ray.dy;
            float z = ray.az + at * ray.dz;
            boolean there = i == CAP ? hairLine.covers(x, y, z) : loose(y, z);
            if (there) {
                hit.head(this, ray, at, i, lobe.normalX(x), lobe.normalY(y), lobe.normalZ(z));
            }
        }
    }

    /** Hair that does not lie on the head: all of it, but a crest ends at the forehead and a hat presses it down. */
    private boolean loose(float y, float z) {
        if (hat && y > HatSurface.LINE + HatSurface.TILT * z) {
            return false;
        }
        return hair.style() != Hair.Style.MOHAWK || y > hair.hairline() - 0.08f;
    }

    @Override
    public void paint(Hit hit) {
        hit.part = Part.HAIR;
        hit.colour(colour);
        boolean curly = hair.style() == Hair.Style.CURLY || hair.style() == Hair.Style.AFRO;
        float strands;
        if (curly) {
            strands = Noise.value(hit.x * grain * 2 + 90, hit.y * grain * 2 + 90, 21);
            hit.open = 0.6f + 0.55f * strands;
        } else {
            // Strands run down from the crown; long ones sway.
            float round = hit.piece == CAP ? (float) Math.sqrt(Math.max(0.06f, 1.15f - hit.y * hit.y)) : 1;
            float sway = hair.style() == Hair.Style.WAVY ? 0.07f * Noise.wave(hit.y * 1.8f) : 0;
            strands = Noise.value((hit.x / round + sway) * 17 + 90, hit.y * 1.6f + hit.z * 1.5f + 90, 22);
        }
        hit.times(0.66f + 0.6f * strands);
        // What hangs behind the head gets less light.
        if (hit.piece != CAP && hair.style() != Hair.Style.BUN && hair.style() != Hair.Style.MOHAWK) {
            hit.open *= 0.8f;
            hit.lit = 0.75f;
        }
        hit.gloss = curly ? 0.03f : 0.04f + 0.12f * strands;
    }
}
