/** The invisible mark that every generated picture carries, and its detector (docs/adr/0401). */
package dev.cloakproof.sampler.sample.watermark;
