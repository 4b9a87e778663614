/** Between transport and drawing: what a request asks for, turns at the device, the queue of calls, records. */
package dev.cloakproof.sampler.work;
