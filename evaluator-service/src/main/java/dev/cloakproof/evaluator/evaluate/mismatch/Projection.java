package dev.cloakproof.evaluator.evaluate.mismatch;

/** Brings points of many dimensions to the plane. */
public interface Projection {
    /**
     * @param points (points, dimensions), at least two
     * @param seed the same seed gives the same plane
     * @return (points, 2)
     */
    double[][] project(double[][] points, long seed);
}
