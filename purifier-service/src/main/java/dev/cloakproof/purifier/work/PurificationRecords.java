package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** Writes down what was purified how. */
@Singleton
public class PurificationRecords {
    private final RequestRecords records;

    PurificationRecords(RequestRecords records) {
        this.records = records;
    }

    /** @param inputs the encoded pictures, in order */
    public RequestRecord of(Plan plan, List<Blob> inputs, Instant begun, Instant ended) {
        RequestRecord.Builder record = records.begin(
                        Stage.STAGE_PURIFY, plan.pack().pack(), begun, ended)
                .setParameters(
                        RunParameters.newBuilder().setPack(plan.pack().name()).setPurification(plan.parameters()))
                .putSeeds("purification", plan.parameters().getSeed());
        inputs.forEach(blob -> record.addInputs(References.of(blob)));
        return record.build();
    }
}
