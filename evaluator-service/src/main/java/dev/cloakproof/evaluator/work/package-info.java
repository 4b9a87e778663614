/** Scoring as the service does it: packs, parameters of requests, and the queue of calls. */
package dev.cloakproof.evaluator.work;
