/** Uploads: checked, stored, and joined to runs. */
package dev.cloakproof.purifier.upload;
