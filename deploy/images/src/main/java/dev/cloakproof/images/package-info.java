/** Container images of the services, made without a daemon. */
package dev.cloakproof.images;
