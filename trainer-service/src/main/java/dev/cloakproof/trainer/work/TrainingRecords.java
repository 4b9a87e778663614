package dev.cloakproof.trainer.work;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Writes down what was trained how. */
@Singleton
public class TrainingRecords {
    private final RequestRecords records;

    TrainingRecords(RequestRecords records) {
        this.records = records;
    }

    /** @param inputs the encoded pictures, in order */
    public RequestRecord of(TrainingPlan plan, List<Blob> inputs, Trained trained) {
        RequestRecord.Builder record = records.begin(
                        Stage.STAGE_TRAIN, Optional.of(plan.pack()), trained.begun(), trained.ended())
                .setParameters(
                        RunParameters.newBuilder().setPack(plan.pack().name()).setTraining(plan.parameters()))
                .putSeeds("training", plan.parameters().getSeed())
                .putSeeds("class_pictures", plan.classPictures().seed())
                .putAllParameterSources(plan.sources());
        inputs.forEach(blob -> record.addInputs(References.of(blob)));
        return record.build();
    }
}
