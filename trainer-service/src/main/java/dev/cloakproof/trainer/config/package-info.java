/** What can be set, and the beans made from it. */
package dev.cloakproof.trainer.config;
