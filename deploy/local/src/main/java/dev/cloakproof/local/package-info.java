/** The line on one machine: a supervisor that owns its processes, and the commands that use it. */
package dev.cloakproof.local;
