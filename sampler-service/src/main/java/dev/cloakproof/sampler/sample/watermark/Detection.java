package dev.cloakproof.sampler.sample.watermark;

import java.util.Optional;

/**
 * What the detector found.
 *
 * @param found whether the picture is marked
 * @param score of the best place and size, in standard deviations of an unmarked picture; {@link WatermarkDetector} says
 *     from where on it counts
 * @param scale how much larger the picture is than when it was marked
 * @param tag where the picture comes from; empty if too little of the mark is left to read it
 */
public record Detection(boolean found, double score, double scale, Optional<RunTag> tag) {}
