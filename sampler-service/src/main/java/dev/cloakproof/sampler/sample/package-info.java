/** Drawing with a personalised model: prompts without the noise, a negative prompt, guidance (paper, section 4.3 and A.2). */
package dev.cloakproof.sampler.sample;
