package dev.cloakproof.diffusion.scheduler;

/**
 * How the noise of one training step, beta, grows with the timestep. Computed in float32 with the roundings of
 * PyTorch's {@code linspace}, so that all 1000 values are equal to the reference's.
 */
public enum BetaSchedule {
    /** Even steps (Ho et al. 2020). */
    LINEAR("linear") {
        @Override
        float[] betas(double start, double end, int count) {
            return evenly((float) start, (float) end, count);
        }
    },
    /** Even steps of the square root; what latent diffusion models are trained with. */
    SCALED_LINEAR("scaled_linear") {
        @Override
        float[] betas(double start, double end, int count) {
            float[] roots = evenly((float) Math.sqrt(start), (float) Math.sqrt(end), count);
            for (int i = 0; i < count; i++) {
                roots[i] *= roots[i];
            }
            return roots;
        }
    },
    /** The squared cosine, betas at most 0.999 (Nichol and Dhariwal 2021); start and end are not used. */
    SQUARED_COSINE("squaredcos_cap_v2") {
        @Override
        float[] betas(double start, double end, int count) {
            var betas = new float[count];
            for (int i = 0; i < count; i++) {
                double ratio = squaredCosine((i + 1.0) / count) / squaredCosine((double) i / count);
                betas[i] = (float) Math.min(1 - ratio, 0.999);
            }
            return betas;
        }
    };

    private final String key;

    BetaSchedule(String key) {
        this.key = key;
    }

    /** The name in scheduler_config.json. */
    public String key() {
        return key;
    }

    abstract float[] betas(double start, double end, int count);

    /** The second half counts down from the end; every value is rounded once. */
    private static float[] evenly(float start, float end, int count) {
        float step = count == 1 ? 0 : (end - start) / (count - 1);
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i < count / 2 ? Math.fma(step, i, start) : Math.fma(-step, count - 1 - i, end);
        }
        return values;
    }

    private static double squaredCosine(double time) {
        double cosine = Math.cos((time + 0.008) / 1.008 * Math.PI / 2);
        return cosine * cosine;
    }
}
