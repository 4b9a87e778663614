package dev.cloakproof.diffusion.scheduler;

/** How a run's timesteps lie in those of training (Lin et al. 2024, table 2). */
public enum TimestepSpacing {
    /** Multiples of the whole ratio, plus {@code steps_offset}. */
    LEADING("leading") {
        @Override
        double[] points(int train, int count, int offset) {
            int ratio = train / count;
            var points = new double[count];
            for (int i = 0; i < count; i++) {
                points[i] = (double) (count - 1 - i) * ratio + offset;
            }
            return points;
        }
    },
    /**
     * From the last timestep down by the exact ratio, rounded half to even. NumPy's rounding gives diffusers one more, -1,
     * for some counts such as 61, where it then reads the noisiest level; that one is left out here.
     */
    TRAILING("trailing") {
        @Override
        double[] points(int train, int count, int offset) {
            double step = (train - (double) train / count) - train;
            var points = new double[count];
            for (int i = 0; i < count; i++) {
                points[i] = Math.rint(train + i * step) - 1;
            }
            return points;
        }
    },
    /** Evenly from the last timestep to 0, both included; not rounded here. */
    LINSPACE("linspace") {
        @Override
        double[] points(int train, int count, int offset) {
            double step = count == 1 ? 0 : (train - 1.0) / (count - 1);
            var points = new double[count];
            for (int i = 0; i < count; i++) {
                points[i] = (count - 1 - i) * step;
            }
            if (count > 1) {
                points[0] = train - 1.0;
            }
            return points;
        }
    };

    private final String key;

    TimestepSpacing(String key) {
        this.key = key;
    }

    /** The name in scheduler_config.json. */
    public String key() {
        return key;
    }

    /**
     * Descending timesteps.
     *
     * @param train how many timesteps training had
     * @param offset the configuration's {@code steps_offset}, which only "leading" heeds
     */
    abstract double[] points(int train, int count, int offset);
}
