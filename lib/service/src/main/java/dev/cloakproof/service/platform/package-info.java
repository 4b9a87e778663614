/** The platform's objects as beans, made from the settings. */
package dev.cloakproof.service.platform;
