/** What a protection, a purification and decoupling do to what a model learns of a person: {@code bench effect}. */
package dev.cloakproof.bench.effect;
