package dev.cloakproof.trainer.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a checkpoint says beside its tensors, {@code run.json}.
 *
 * @param format of the checkpoint, {@value #FORMAT}
 * @param step steps made
 * @param averaged updates of the moving average
 * @param model fingerprint of the base model
 * @param pictures fingerprint of the pictures
 */
record RunState(int format, long step, long averaged, String model, String pictures, TrainingSpec spec) {
    static final int FORMAT = 1;

    private static final String FILE = "run.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), json());
    }

    String json() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new AssertionError("a record of plain values is JSON", e);
        }
    }

    /**
     * Reads the state of a checkpoint of this very run.
     *
     * @param expected of the run that goes on; its step and averages are not compared
     * @throws TrainingException that lists every difference
     */
    static RunState read(Path folder, RunState expected) {
        Path file = folder.resolve(FILE);
        try {
            JsonNode found = JSON.readTree(Files.readString(file));
            JsonNode wanted = JSON.readTree(expected.json());
            List<String> differences = new ArrayList<>();
            compare("", wanted, found, differences);
            if (!differences.isEmpty()) {
                throw new TrainingException(
                        Reason.FOREIGN_CHECKPOINT,
                        folder + " is of another run:\n  " + String.join("\n  ", differences));
            }
            return JSON.treeToValue(found, RunState.class);
        } catch (IOException e) {
            throw new TrainingException(Reason.FOREIGN_CHECKPOINT, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void compare(String path, JsonNode wanted, JsonNode found, List<String> differences) {
        if (wanted.isObject() && found != null && found.isObject()) {
            for (Iterator<String> names = wanted.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                String below = path.isEmpty() ? name : path + "." + name;
                if (!List.of("step", "averaged", "spec.checkpoints").contains(below)) {
                    compare(below, wanted.get(name), found.get(name), differences);
                }
            }
        } else if (!wanted.equals(found)) {
            differences.add(path + ": this run has " + wanted + ", the checkpoint " + found);
        }
    }
}
