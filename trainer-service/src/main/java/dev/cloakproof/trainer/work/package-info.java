/** Between transport and algorithms: requests become plans, plans are carried out, jobs have a state. */
package dev.cloakproof.trainer.work;
