/**
 * The synthetic world that the small models are trained and judged on: subjects and works that do not exist, each a
 * function of its seed.
 *
 * <p>The same seeds and size give the same bytes on every machine: the arithmetic is Java's float arithmetic, which is
 * strict since Java 17, square roots are correctly rounded by the standard, angles go through {@link StrictMath}, and
 * waves through {@link dev.cloakproof.portraits.Noise#wave}. {@link Math#sin} and its like may differ in the last bit
 * between machines and are not used.
 */
package dev.cloakproof.portraits;
