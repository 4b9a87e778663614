/** The run index: every event folds into PostgreSQL, and runs are read, listed, watched and deleted from there. */
package dev.cloakproof.evaluator.index;
