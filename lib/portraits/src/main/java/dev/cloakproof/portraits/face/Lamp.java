package dev.cloakproof.portraits.face;

/** Light as the renderer uses it: the lamp's direction, its colour, and the colour of the light from all around. */
final class Lamp {
    final float x;
    final float y;
    final float z;
    private final float red;
    private final float green;
    private final float blue;
    private final float ambient;
    private final float ambientRed;
    private final float ambientBlue;
    // Halfway between lamp and camera, for highlights.
    private final float hx;
    private final float hy;
    private final float hz;

    Lamp(Light light) {
        x = Rotation.sin(light.azimuth()) * Rotation.cos(light.elevation());
        y = Rotation.sin(light.elevation());
        z = Rotation.cos(light.azimuth()) * Rotation.cos(light.elevation());
        red = light.key() * (1 + 0.14f * light.warmth());
        green = light.key();
        blue = light.key() * (1 - 0.2f * light.warmth());
        ambient = light.ambient();
        // Shadows take the opposite tint, as under a sky.
        ambientRed = 1 - 0.06f * light.warmth();
        ambientBlue = 1 + 0.08f * light.warmth();
        float length = (float) Math.sqrt(x * x + y * y + (z + 1) * (z + 1));
        hx = x / length;
        hy = y / length;
        hz = (z + 1) / length;
    }

    /** Turns the colour of a hit in even white light into that in this light, in sRGB levels. */
    void shade(Hit hit) {
        float n = 1 / (float) Math.sqrt(hit.nx * hit.nx + hit.ny * hit.ny + hit.nz * hit.nz + 1e-12f);
        float nx = hit.nx * n;
        float ny = hit.ny * n;
        float nz = hit.nz * n;
        // Light creeps a little round the edge, as it does in skin and hair.
        float towards = (nx * x + ny * y + nz * z + 0.18f) / 1.18f;
        float key = towards <= 0 ? 0 : towards * hit.lit;
        float around = ambient * hit.open * (0.72f + 0.2f * ny + 0.16f * nz);
        float half = Math.max(0, nx * hx + ny * hy + nz * hz);
        float shine = half * half;
        shine *= shine;
        shine *= shine;
        shine = shine * shine * shine * hit.gloss * hit.lit;
        // Levels squared stand for linear light: close to sRGB, and exact to undo.
        hit.red = level(hit.red * hit.red * (key * red + around * ambientRed) + shine * red);
        hit.green = level(hit.green * hit.green * (key * green + around) + shine * green);
        hit.blue = level(hit.blue * hit.blue * (key * blue + around * ambientBlue) + shine * blue);
    }

    private static float level(float linear) {
        return (float) Math.sqrt(Math.min(1, linear));
    }
}
