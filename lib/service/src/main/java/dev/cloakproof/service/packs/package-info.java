/** The model packs of a service. */
package dev.cloakproof.service.packs;
