/** The domains by name, contact sheets of them and what they cost. */
package dev.cloakproof.portraits.catalog;
