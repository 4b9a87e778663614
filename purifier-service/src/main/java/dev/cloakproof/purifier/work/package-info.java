/** Between transport and methods: the queue, and the methods by the names that requests use. */
package dev.cloakproof.purifier.work;
