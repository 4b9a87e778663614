package dev.cloakproof.purifier.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.UnsafeByteOperations;
import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.purifier.work.Input;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.PurificationRecords;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurifyResponse;
import dev.cloakproof.v1.RequestRecord;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** Writes answers. */
@Singleton
class Responses {
    private final PurificationRecords records;

    Responses(PurificationRecords records) {
        this.records = records;
    }

    /** @param name of the picture, for people */
    PurifyResponse of(String name, Input input, Plan plan, Delivery delivery) {
        RequestRecord record = record(input, plan, delivery);
        byte[] png = delivery.given()
                .png(delivery.purified().picture(), Map.of(RequestRecords.PNG_KEYWORD, RequestRecords.json(record)));
        PurifyResponse.Builder response = PurifyResponse.newBuilder()
                .setPicture(Picture.newBuilder().setName(name).setContent(UnsafeByteOperations.unsafeWrap(png)))
                .setRecord(record)
                .setComputeDuration(Duration.newBuilder()
                        .setSeconds(delivery.atWork().getSeconds())
                        .setNanos(delivery.atWork().getNano()));
        delivery.purified().facesFound().ifPresent(response::setFacesFound);
        return response.build();
    }

    RequestRecord record(Input input, Plan plan, Delivery delivery) {
        return records.of(plan, List.of(input.blob()), delivery.begun(), delivery.ended());
    }
}
