package dev.cloakproof.evaluator.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.evaluator.events.ReportWriter;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.RunEvaluated;
import io.quarkus.qute.Template;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;

/** Writes the report. */
@Singleton
class PageReports implements ReportWriter {
    private final Template report;

    PageReports(Template report) {
        this.report = report;
    }

    @Override
    public byte[] html(ImagesSampled asked, RunEvaluated evaluated, JsonNode scores) {
        return report.data("run", evaluated.getContext().getRun())
                .data("scores", evaluated.getScoresList())
                .render()
                .getBytes(StandardCharsets.UTF_8);
    }
}
