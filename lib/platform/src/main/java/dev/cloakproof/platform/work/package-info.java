/** What long work sees of the platform: progress and cancellation. */
package dev.cloakproof.platform.work;
