package dev.cloakproof.platform.security;

import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.v1.AuthorizationRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Checks the record of who allowed the use of somebody's pictures. Every stage asks, not only the first. */
public final class Authorizations {
    /** Clocks of two machines may differ by this much. */
    static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private static final int HOLDER_LENGTH = 200;
    private static final int REFERENCE_LENGTH = 500;

    private final InstantSource clock;

    public Authorizations(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Returns if the use is allowed now.
     *
     * @throws dev.cloakproof.platform.errors.CloakproofException AUTHORIZATION_MISSING with every field at fault, or
     *     AUTHORIZATION_EXPIRED
     */
    public void require(AuthorizationRecord given) {
        Instant now = clock.instant();
        Problem faults = Reason.AUTHORIZATION_MISSING.problem(
                "expected a record of who allowed the use of the pictures, found it incomplete");
        if (!fits(given.getRightsHolder(), HOLDER_LENGTH)) {
            faults = faults.at("authorization.rights_holder", "expected 1 to " + HOLDER_LENGTH + " characters");
        }
        if (given.getBasis() == AuthorizationRecord.Basis.BASIS_UNSPECIFIED
                || given.getBasis() == AuthorizationRecord.Basis.UNRECOGNIZED) {
            faults = faults.at("authorization.basis", "expected a ground for the use");
        }
        if (!fits(given.getReference(), REFERENCE_LENGTH)) {
            faults = faults.at("authorization.reference", "expected 1 to " + REFERENCE_LENGTH + " characters");
        }
        if (!given.hasGrantTime() || instant(given.getGrantTime()).isAfter(now.plus(CLOCK_DIFFERENCE))) {
            faults = faults.at("authorization.grant_time", "expected a time in the past");
        }
        if (!faults.violations().isEmpty()) {
            throw faults.exception();
        }
        if (given.hasExpireTime() && !instant(given.getExpireTime()).isAfter(now)) {
            throw Reason.AUTHORIZATION_EXPIRED
                    .problem("expected a permission that lasts, found one that ended " + instant(given.getExpireTime()))
                    .at("authorization.expire_time", "expected a time in the future")
                    .exception();
        }
    }

    private static boolean fits(String text, int longest) {
        return !text.isBlank() && text.length() <= longest;
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
