package dev.cloakproof.evaluator.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloakproof.evaluator.events.ReportWriter;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.v1.ImagesSampled;
import dev.cloakproof.v1.PictureReference;
import dev.cloakproof.v1.Run;
import dev.cloakproof.v1.RunEvaluated;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes the report: the page of the run with everything inside, for a reader without this service. */
@Singleton
class PageReports implements ReportWriter {
    /** More would make a file that browsers open slowly; all are scored, and the report says how many are shown. */
    private static final int MOST_SAMPLES = 48;

    private final RunIndex index;
    private final CurveReader curves;
    private final StoredPictures pictures;
    private final Template report;

    PageReports(RunIndex index, CurveReader curves, StoredPictures pictures, @Location("report.html") Template report) {
        this.index = index;
        this.curves = curves;
        this.pictures = pictures;
        this.report = report;
    }

    @Override
    public byte[] html(ImagesSampled asked, RunEvaluated evaluated, JsonNode scores) {
        String id = asked.getContext().getRun().substring("runs/".length());
        // The index may be behind: what the stage knows counts.
        Run run = index.preview(id, asked, evaluated);
        var known = new RunViews.Known(
                run,
                0,
                asked.getSamplesList().stream().limit(MOST_SAMPLES).toList(),
                scores,
                curves.loss(
                        id,
                        Optional.of(asked.getCurve())
                                .filter(curve -> !curve.getSha256().isEmpty())
                                .map(References::blob)),
                this::embedded);
        return report.data("view", RunViews.of(known))
                .data("css", Resources.text("META-INF/resources/page.css"))
                .data("js", Resources.text("META-INF/resources/page.js"))
                .render()
                .getBytes(StandardCharsets.UTF_8);
    }

    private String embedded(PictureReference reference) {
        try {
            return EmbeddedPictures.uri(pictures.encoded(reference));
        } catch (CloakproofException gone) {
            if (gone.reason() == Reason.BLOB_MISSING || gone.reason() == Reason.BLOB_CHANGED) {
                return ""; // shown by its text
            }
            throw gone;
        }
    }
}
