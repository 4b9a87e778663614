/** Model packs: folders of weights with a manifest that says what they are. */
package dev.cloakproof.tensor.pack;
