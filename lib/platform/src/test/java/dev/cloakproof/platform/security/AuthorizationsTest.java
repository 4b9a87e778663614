package dev.cloakproof.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import dev.cloakproof.platform.ManualClock;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.v1.AuthorizationRecord;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuthorizationsTest {
    private final ManualClock clock = new ManualClock();
    private final Authorizations authorizations = new Authorizations(clock);
    private final AuthorizationRecord.Builder given = AuthorizationRecord.newBuilder()
            .setRightsHolder("Anna")
            .setBasis(AuthorizationRecord.Basis.BASIS_WRITTEN_CONSENT)
            .setReference("contract 7")
            .setGrantTime(time(clock.instant()));

    @Test
    void aCompleteRecordAllows() {
        assertThatCode(() -> authorizations.require(given.build())).doesNotThrowAnyException();
    }

    @Test
    void anEmptyRecordNamesEveryFieldAtFault() {
        Problem problem = refused(AuthorizationRecord.newBuilder());

        assertThat(problem.reason()).isEqualTo(Reason.AUTHORIZATION_MISSING);
        assertThat(problem.violations())
                .extracting(Problem.Violation::field)
                .containsExactly(
                        "authorization.rights_holder",
                        "authorization.basis",
                        "authorization.reference",
                        "authorization.grant_time");
    }

    @Test
    void aGroundFromTheFutureVersionIsNoGround() {
        assertThat(refused(given.setBasisValue(99)).violations()).hasSize(1);
    }

    @Test
    void blanksAndOverlongTextsAreNoAnswer() {
        assertThat(refused(given.setRightsHolder("  ").setReference("x".repeat(501)))
                        .violations())
                .hasSize(2);
    }

    @Test
    void aGrantFromTheFutureIsRefusedBeyondTheDifferenceOfClocks() {
        Instant limit = clock.instant().plus(Authorizations.CLOCK_DIFFERENCE);
        assertThatCode(() ->
                        authorizations.require(given.setGrantTime(time(limit)).build()))
                .doesNotThrowAnyException();

        assertThat(refused(given.setGrantTime(time(limit.plusNanos(1)))).violations())
                .hasSize(1);
    }

    @Test
    void aPermissionEndsAtItsTime() {
        given.setExpireTime(time(clock.instant().plusSeconds(1)));
        assertThatCode(() -> authorizations.require(given.build())).doesNotThrowAnyException();

        clock.advance(Duration.ofSeconds(1));
        assertThat(refused(given).reason()).isEqualTo(Reason.AUTHORIZATION_EXPIRED);
    }

    private Problem refused(AuthorizationRecord.Builder record) {
        return catchThrowableOfType(CloakproofException.class, () -> authorizations.require(record.build()))
                .problem();
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
