/** Who may do what with whose pictures, and the log of it. */
package dev.cloakproof.platform.security;
