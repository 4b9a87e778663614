package dev.cloakproof.trainer.train;

import java.time.Duration;

/**
 * What one step did.
 *
 * @param step from 1
 * @param steps of the whole run
 * @param loss instance + weight * prior, mean over the accumulated pairs
 * @param gradientNorm before clipping
 * @param learningRate of this step
 * @param time of this step
 * @param remaining at the mean time of the steps of this process
 */
public record StepReport(
        long step,
        long steps,
        double loss,
        double instanceLoss,
        double priorLoss,
        double gradientNorm,
        double learningRate,
        Duration time,
        Duration remaining) {}
