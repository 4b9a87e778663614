/**
 * Schedulers: how much noise a latent has at each timestep, and how a prediction of the network takes it one step down.
 *
 * <p>{@link dev.cloakproof.diffusion.scheduler.Scheduler} is the immutable part, {@link
 * dev.cloakproof.diffusion.scheduler.Trajectory} the state of one run, {@link
 * dev.cloakproof.diffusion.scheduler.NoiseSchedule} what training needs. Results are those of diffusers 0.42; "Source"
 * names the paper and the diffusers file that fixes what the paper leaves open.
 */
package dev.cloakproof.diffusion.scheduler;
