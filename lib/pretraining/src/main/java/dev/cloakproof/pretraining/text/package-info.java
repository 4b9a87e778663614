/** The pack's own words: what is said of pictures, and the byte pairs learned on it. */
package dev.cloakproof.pretraining.text;
