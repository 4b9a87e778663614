package dev.cloakproof.purifier.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.PurificationRecords;
import dev.cloakproof.service.records.RequestRecords;
import dev.cloakproof.tensor.image.PictureWriter;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.PurifyResponse;
import dev.cloakproof.v1.RequestRecord;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Writes answers. */
@Singleton
class Responses {
    private final PurificationRecords records;

    Responses(PurificationRecords records) {
        this.records = records;
    }

    PurifyResponse of(Picture input, Plan plan, Delivery delivery) {
        ByteString content = input.getContent();
        Blob blob = new Blob(Sha256.of(content.toByteArray()), content.size(), mediaType(content));
        RequestRecord record = records.of(plan, List.of(blob), delivery.begun(), delivery.ended());
        byte[] png = PictureWriter.png(
                delivery.purified().picture(), Map.of(RequestRecords.PNG_KEYWORD, RequestRecords.json(record)));
        PurifyResponse.Builder response = PurifyResponse.newBuilder()
                .setPicture(Picture.newBuilder().setName(input.getName()).setContent(ByteString.copyFrom(png)))
                .setRecord(record)
                .setComputeDuration(Duration.newBuilder()
                        .setSeconds(delivery.atWork().getSeconds())
                        .setNanos(delivery.atWork().getNano()));
        delivery.purified().facesFound().ifPresent(response::setFacesFound);
        return response.build();
    }

    /** Only PNG and JPEG are read, and JPEG begins with its start marker. */
    private static String mediaType(ByteString picture) {
        return picture.startsWith(ByteString.copyFrom(HexFormat.of().parseHex("ffd8"))) ? "image/jpeg" : "image/png";
    }
}
