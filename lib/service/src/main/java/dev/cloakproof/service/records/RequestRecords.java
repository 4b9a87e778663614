package dev.cloakproof.service.records;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.v1.RequestRecord;
import dev.cloakproof.v1.Stage;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Begins the record of what was done with what this service knows of itself. */
@Singleton
public class RequestRecords {
    /** Keyword of the PNG text that holds the record as JSON. */
    public static final String PNG_KEYWORD = "cloakproof";

    private final Packs packs;
    private final String version;

    RequestRecords(Packs packs, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.packs = packs;
        this.version = version;
    }

    /**
     * A record that lacks parameters, seeds and inputs.
     *
     * @param pack whose networks worked; empty where none did
     */
    public RequestRecord.Builder begin(Stage stage, Optional<ServicePack> pack, Instant begun, Instant ended) {
        return RequestRecord.newBuilder()
                .setStage(stage)
                .setPack(pack.map(ServicePack::name).orElse(""))
                .setPackSha256(pack.map(ServicePack::manifestSha256).orElse(""))
                .setSoftwareVersion(version)
                .setDevice(packs.device().name())
                .setStartTime(References.timestamp(begun))
                .setEndTime(References.timestamp(ended));
    }

    /** The record as JSON, for the text of a PNG. */
    public static String json(RequestRecord record) {
        try {
            return JsonFormat.printer().print(record);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a record has no Any that could be unknown", e);
        }
    }
}
