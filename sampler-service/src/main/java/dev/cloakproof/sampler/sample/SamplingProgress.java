package dev.cloakproof.sampler.sample;

/**
 * How far a drawing is.
 *
 * @param done denoising steps made, of all pictures
 * @param total denoising steps of all pictures
 * @param picture number of the picture at work, from 1
 * @param pictures in all
 */
public record SamplingProgress(long done, long total, int picture, int pictures) {}
