/** What can be set of every service. */
package dev.cloakproof.service.config;
