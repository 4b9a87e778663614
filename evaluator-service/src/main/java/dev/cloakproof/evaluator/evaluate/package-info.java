/** Scores of pictures and what they say about sets of pictures. No transport here. */
package dev.cloakproof.evaluator.evaluate;
