/** Messages that all stages write and read: request records, references to blobs, stored pictures and models. */
package dev.cloakproof.service.records;
