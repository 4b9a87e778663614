/** The stage of the line: upload.received in, images.purified out. */
package dev.cloakproof.purifier.events;
