/** DreamBooth with contrastive decoupling learning: fine-tuning that keeps a protection's noise out of the concept. */
package dev.cloakproof.trainer.train;
