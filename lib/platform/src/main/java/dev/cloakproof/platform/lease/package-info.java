/** Who may do a piece of work now. */
package dev.cloakproof.platform.lease;
