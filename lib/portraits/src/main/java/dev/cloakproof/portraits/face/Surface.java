package dev.cloakproof.portraits.face;

/** Something of a portrait that rays meet. */
interface Surface {
    /** Puts itself into the hit where the ray meets it nearer to the camera than what is there. */
    void meet(Ray ray, Hit hit);

    /** Sets part, colour, gloss and shadows of a hit of this surface. */
    void paint(Hit hit);
}
