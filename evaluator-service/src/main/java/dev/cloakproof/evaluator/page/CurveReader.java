package dev.cloakproof.evaluator.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloakproof.evaluator.index.RunIndex;
import dev.cloakproof.evaluator.index.RunIndex.CurvePoint;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Training curves: the trainer's own once it is stored, and until then what it reported on the way. */
@Singleton
class CurveReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOSS = "loss";

    private final RunIndex index;
    private final BlobStore blobs;

    CurveReader(RunIndex index, BlobStore blobs) {
        this.index = index;
        this.blobs = blobs;
    }

    /** The loss by step; empty if there is none. */
    List<CurvePoint> loss(String run) {
        return loss(run, index.curve(run));
    }

    /** @param stored where the curve lies */
    List<CurvePoint> loss(String run, Optional<Blob> stored) {
        List<CurvePoint> points = stored.map(this::read).orElse(List.of());
        return points.isEmpty() ? index.points(run, Stage.STAGE_TRAIN, LOSS) : points;
    }

    /** JSON lines of step and loss; a line that is none is left out. */
    private List<CurvePoint> read(Blob stored) {
        List<CurvePoint> points = new ArrayList<>();
        try {
            for (String line : new String(blobs.get(stored), StandardCharsets.UTF_8).split("\n")) {
                JsonNode point = JSON.readTree(line);
                if (point.path("step").isNumber() && point.path(LOSS).isNumber()) {
                    points.add(new CurvePoint(
                            point.path("step").asLong(), point.path(LOSS).asDouble()));
                }
            }
        } catch (CloakproofException | IOException gone) {
            return List.of(); // deleted by the retention, or no curve: the page goes without
        }
        return points;
    }
}
