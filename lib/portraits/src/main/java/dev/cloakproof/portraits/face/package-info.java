/**
 * Portraits of people who do not exist.
 *
 * <p>An {@link dev.cloakproof.portraits.face.Identity} is what stays from picture to picture, a
 * {@link dev.cloakproof.portraits.face.Photograph} what changes. The renderer casts parallel rays at a head: a rounded
 * skull whose front is displaced by a height map (brow ridge, sockets, nose, cheeks, lips, chin), and ellipsoids for
 * ears, hair, hat, neck and shoulders. Features are painted in head coordinates, so that pose comes free.
 *
 * <p>Head coordinates: x to the picture's right, y up, z towards the camera when the head looks straight at it; the
 * origin is the middle of the head, the crown is at y = 1 and the chin at y = -1. Scene coordinates have the same
 * origin and unit, but do not turn with the head.
 */
package dev.cloakproof.portraits.face;
