package dev.cloakproof.sampler.work;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.sampler.sample.SamplingSpec;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.v1.SamplingParameters;
import java.util.Map;
import java.util.Optional;

/**
 * What a request asks for, checked.
 *
 * @param model manifest of the personalised model; empty for the pack's own
 * @param parameters with nothing left out
 * @param sources where each number came from: {@code request}, {@code pack} or {@code preset}
 */
public record Plan(
        ServicePack pack,
        Optional<Blob> model,
        SamplingSpec spec,
        SamplingParameters parameters,
        Map<String, String> sources) {}
