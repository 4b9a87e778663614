/** What the evaluator hears, and its stage of a run. */
package dev.cloakproof.evaluator.events;
