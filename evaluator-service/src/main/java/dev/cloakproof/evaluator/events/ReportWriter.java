package dev.cloakproof.evaluator.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.RunEvaluated;

/** Writes what people read of a run. */
public interface ReportWriter {
    /**
     * One HTML file that needs nothing else.
     *
     * @param asked what was scored
     * @param evaluated how, without the report itself
     * @param scores the document of all scores
     */
    byte[] html(ImagesSampled asked, RunEvaluated evaluated, JsonNode scores);
}
