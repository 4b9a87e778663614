package dev.cloakproof.diffusion.scheduler;

import java.util.Arrays;

/**
 * The timesteps of a run with their noise over signal, for the methods that step in sigma.
 *
 * @param timesteps one a call
 * @param sigmas one a call, and the one that the last call ends at
 */
record SigmaSteps(double[] timesteps, float[] sigmas) {
    /**
     * Interpolates in the table of sigma by timestep, in double, and rounds to float32.
     *
     * @param timesteps of a run from pure noise
     * @param skipped how many are left out
     */
    static SigmaSteps of(NoiseSchedule noise, double[] timesteps, int skipped, FinalSigma last) {
        int calls = timesteps.length - skipped;
        var sigmas = new float[calls + 1];
        for (int i = 0; i < calls; i++) {
            sigmas[i] = interpolate(noise, timesteps[skipped + i]);
        }
        sigmas[calls] = last == FinalSigma.ZERO ? 0 : noise.sigma(0);
        return new SigmaSteps(Arrays.copyOfRange(timesteps, skipped, timesteps.length), sigmas);
    }

    static float interpolate(NoiseSchedule noise, double timestep) {
        long below = (long) Math.floor(timestep);
        double low = noise.sigma(below);
        return timestep == below ? (float) low : (float) ((noise.sigma(below + 1) - low) * (timestep - below) + low);
    }
}
