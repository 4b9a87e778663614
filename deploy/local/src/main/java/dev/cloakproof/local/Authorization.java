package dev.cloakproof.local;

import com.google.protobuf.Timestamp;
import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.AuthorizationRecord.Basis;
import java.time.Instant;
import picocli.CommandLine.Option;

/** The record of who allowed the use of the pictures, from flags. */
final class Authorization {
    /** The grounds, in the words of the flags. */
    enum Ground {
        own(Basis.BASIS_OWN_PICTURES),
        consent(Basis.BASIS_WRITTEN_CONSENT),
        research(Basis.BASIS_RESEARCH_PROTOCOL),
        synthetic(Basis.BASIS_SYNTHETIC);

        private final Basis basis;

        Ground(Basis basis) {
            this.basis = basis;
        }
    }

    @Option(names = "--rights-holder", description = "who holds the rights in the pictures")
    String rightsHolder;

    @Option(names = "--basis", description = "the ground for the use: ${COMPLETION-CANDIDATES}")
    Ground ground;

    @Option(names = "--reference", description = "where the proof is kept: a contract, a protocol, an address")
    String reference;

    /** @throws LocalException if it is incomplete */
    AuthorizationRecord record() {
        if (rightsHolder == null || ground == null || reference == null) {
            throw new LocalException("nothing is trained without a record of who allowed it: give --rights-holder,"
                    + " --basis (own, consent, research or synthetic) and --reference");
        }
        return AuthorizationRecord.newBuilder()
                .setRightsHolder(rightsHolder)
                .setBasis(ground.basis)
                .setReference(reference)
                .setGrantTime(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()))
                .build();
    }
}
