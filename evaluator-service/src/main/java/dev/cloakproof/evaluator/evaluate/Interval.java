package dev.cloakproof.evaluator.evaluate;

/**
 * A mean and where it may lie.
 *
 * @param low the interval's lower end
 * @param high the interval's upper end
 * @param count of values
 */
public record Interval(double mean, double low, double high, int count) {}
