package dev.cloakproof.purifier.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.purifier.work.PackInfo;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.BlobReference;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurifyResponse;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Writes answers. */
@Singleton
class Responses {
    /** Keyword of the PNG text that holds the request record as JSON. */
    static final String RECORD_KEYWORD = "cloakproof";

    private final PackInfo pack;
    private final String version;

    Responses(PackInfo pack, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.pack = pack;
        this.version = version;
    }

    PurifyResponse of(Picture input, Plan plan, Delivery delivery) {
        RequestRecord record = record(input, plan, delivery);
        byte[] png = PictureWriter.png(delivery.purified().picture(), Map.of(RECORD_KEYWORD, json(record)));
        PurifyResponse.Builder response = PurifyResponse.newBuilder()
                .setPicture(Picture.newBuilder().setName(input.getName()).setContent(ByteString.copyFrom(png)))
                .setRecord(record)
                .setComputeDuration(Duration.newBuilder()
                        .setSeconds(delivery.atWork().getSeconds())
                        .setNanos(delivery.atWork().getNano()));
        delivery.purified().facesFound().ifPresent(response::setFacesFound);
        return response.build();
    }

    private RequestRecord record(Picture input, Plan plan, Delivery delivery) {
        return RequestRecord.newBuilder()
                .setStage(Stage.STAGE_PURIFY)
                .setParameters(RunParameters.newBuilder().setPack(pack.name()).setPurification(plan.parameters()))
                .putSeeds("purification", plan.parameters().getSeed())
                .setPack(pack.name())
                .setPackSha256(pack.sha256())
                .setSoftwareVersion(version)
                .setDevice(pack.device().name())
                .addInputs(BlobReference.newBuilder()
                        .setSha256(Sha256.of(input.getContent().toByteArray()))
                        .setSizeBytes(input.getContent().size())
                        .setMediaType(mediaType(input.getContent())))
                .setStartTime(timestamp(delivery.begun()))
                .setEndTime(timestamp(delivery.ended()))
                .build();
    }

    /** Only PNG and JPEG are read, and JPEG begins with its start marker. */
    private static String mediaType(ByteString picture) {
        return picture.startsWith(ByteString.copyFrom(HexFormat.of().parseHex("ffd8"))) ? "image/jpeg" : "image/png";
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static String json(RequestRecord record) {
        try {
            return JsonFormat.printer().print(record);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a record has no Any that could be unknown", e);
        }
    }
}
