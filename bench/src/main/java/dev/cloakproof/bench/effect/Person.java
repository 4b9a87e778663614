package dev.cloakproof.bench.effect;

import dev.cloakproof.portraits.Seeds;
import dev.cloakproof.portraits.face.PortraitDomain;
import dev.cloakproof.tensor.image.Picture;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Portraits of somebody whom nothing was trained on.
 *
 * @param published 4 pictures that are protected and trained on
 * @param references 4 pictures that samples are compared with
 * @param own 4 more that only the protector has, for the protection's surrogate
 */
record Person(List<Picture> published, List<Picture> references, List<Picture> own) {
    private static final int EACH = 4;

    static Person of(int n, int side) {
        return new Person(pictures(n, 0, side), pictures(n, 1, side), pictures(n, 2, side));
    }

    private static List<Picture> pictures(int n, int set, int side) {
        var domain = new PortraitDomain();
        long subject = Seeds.heldOut(n);
        long first = Seeds.HELD_OUT + 100L * n + (long) EACH * set;
        return LongStream.range(first, first + EACH)
                .mapToObj(work -> domain.render(subject, work, side))
                .toList();
    }
}
