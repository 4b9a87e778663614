/** The invisible mark that every generated picture carries, and its detector (docs/adr/0410). */
package dev.cloakproof.sampler.sample.watermark;
