package dev.cloakproof.diffusion.guided;

import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Tensor;

/** What a residual block does to height and width. */
enum Resampling {
    NONE {
        @Override
        Tensor of(Tensor map) {
            return map;
        }
    },
    /** Means of 2 x 2. */
    HALF {
        @Override
        Tensor of(Tensor map) {
            return Functions.averagePool(map, 2, 2, 0);
        }
    },
    /** Nearest neighbours. */
    DOUBLE {
        @Override
        Tensor of(Tensor map) {
            return Functions.upsampleNearest(map, 2 * map.size(2), 2 * map.size(3));
        }
    };

    abstract Tensor of(Tensor map);
}
