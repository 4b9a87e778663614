/** PostgreSQL for tests and for one machine. */
package dev.cloakproof.database;
