package dev.cloakproof.sampler.work;

import dev.cloakproof.sampler.sample.Drawn;
import dev.cloakproof.service.records.References;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes down what was drawn how, beside pictures and inside them. */
@Singleton
public class SamplingRecords {
    /** Keyword of the PNG text with the prompt as the model read it. */
    public static final String PROMPT_KEYWORD = "cloakproof-prompt";
    /** Keyword of the PNG text with the name of the run or call; the watermark has its tag. */
    public static final String ORIGIN_KEYWORD = "cloakproof-origin";

    private final RequestRecords records;

    SamplingRecords(RequestRecords records) {
        this.records = records;
    }

    /** The record of a whole request. */
    public RequestRecord of(Plan plan, Instant begun, Instant ended) {
        return of(plan, plan.parameters().getSeed(), begun, ended);
    }

    /** @param seed that was used */
    public RequestRecord of(Plan plan, long seed, Instant begun, Instant ended) {
        RequestRecord.Builder record = records.begin(Stage.STAGE_SAMPLE, Optional.of(plan.pack()), begun, ended)
                .setParameters(
                        RunParameters.newBuilder().setPack(plan.pack().name()).setSampling(plan.parameters()))
                .putSeeds("sampling", seed)
                .putAllParameterSources(plan.sources());
        plan.model().ifPresent(model -> record.addInputs(References.of(model)));
        return record.build();
    }

    /** The picture with everything that is known of it. */
    public byte[] png(Plan plan, Drawn drawn, RequestRecord record) {
        return PictureWriter.png(
                drawn.picture(),
                Map.of(
                        RequestRecords.PNG_KEYWORD,
                        RequestRecords.json(record),
                        PROMPT_KEYWORD,
                        drawn.prompt(),
                        ORIGIN_KEYWORD,
                        plan.spec().origin()));
    }

    /** A name for people: the number of the prompt and of the picture among its own, from 1. */
    public static String name(Drawn drawn) {
        return "prompt-%02d-picture-%04d.png".formatted(drawn.promptIndex() + 1, drawn.pictureIndex() + 1);
    }
}
