package dev.cloakproof.trainer.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloakproof.trainer.train.MemoryPlan;
import dev.cloakproof.trainer.train.StepReport;
import dev.cloakproof.trainer.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the training curve, one JSON object a step. A run that goes on from a checkpoint first drops what an earlier
 * process wrote after it, so that each step is there once.
 */
record Curve(Path file) implements TrainingListener {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public void started(MemoryPlan plan, long step) {
        try {
            List<String> kept = new ArrayList<>();
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    if (kept.size() < step) {
                        kept.add(line);
                    }
                }
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stepped(StepReport report) {
        try {
            Files.writeString(
                    file, line(report), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(StepReport report) throws JsonProcessingException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", report.step());
        line.put("loss", report.loss());
        line.put("instance_loss", report.instanceLoss());
        line.put("prior_loss", report.priorLoss());
        line.put("gradient_norm", report.gradientNorm());
        line.put("learning_rate", report.learningRate());
        return JSON.writeValueAsString(line) + "\n";
    }
}
