/**
 * Flat artworks without faces: the second domain. An {@link dev.cloakproof.portraits.art.Artist} is a style that stays,
 * a {@link dev.cloakproof.portraits.art.Artwork} a composition that changes.
 */
package dev.cloakproof.portraits.art;
