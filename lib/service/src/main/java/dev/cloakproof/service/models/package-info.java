/** The ModelService, the same in every service. */
package dev.cloakproof.service.models;
