package dev.cloakproof.purifier.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.cloakproof.purifier.work.Delivery;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.v1.PurifyResponse;
import dev.cloakproof.v1.RequestRecord;

/**
 * A purified picture as an element of a tensor.
 *
 * @param content a PNG, or samples: (row, column, channel), height * width * 3 unsigned bytes
 * @param faces that were found, or -1 where no step looked for them
 */
record InferredPicture(ByteString content, int width, int height, int faces, RequestRecord record) {
    private static final int NOT_LOOKED_FOR = -1;

    static InferredPicture file(PurifyResponse response, Delivery delivery) {
        return of(response.getPicture().getContent(), response.getRecord(), delivery);
    }

    static InferredPicture samples(RequestRecord record, Delivery delivery) {
        // The copy that rgb() makes is nobody else's.
        return of(UnsafeByteOperations.unsafeWrap(delivery.purified().picture().rgb()), record, delivery);
    }

    private static InferredPicture of(ByteString content, RequestRecord record, Delivery delivery) {
        Picture picture = delivery.purified().picture();
        int faces = delivery.purified().facesFound().orElse(NOT_LOOKED_FOR);
        return new InferredPicture(content, picture.width(), picture.height(), faces, record);
    }
}
