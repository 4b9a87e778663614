package dev.cloakproof.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cloakproof.platform.security.Retention.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void everyKindEndsByDefault() {
        for (Kind kind : Kind.values()) {
            assertThat(Retention.STANDARD.expiry(kind, CREATED)).isBefore(CREATED.plus(Duration.ofDays(366)));
        }
    }

    @Test
    void somethingExpiresAtItsTimeAndNotBefore() {
        Instant end = CREATED.plus(Duration.ofDays(7));

        assertThat(Retention.STANDARD.expired(Kind.MODEL, CREATED, end.minusNanos(1)))
                .isFalse();
        assertThat(Retention.STANDARD.expired(Kind.MODEL, CREATED, end)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "P-1D", "P3651D"})
    void neverAndForEverAreNoPeriods(Duration period) {
        Map<Kind, Duration> periods = new EnumMap<>(Retention.STANDARD.periods());
        periods.put(Kind.MODEL, period);

        assertThatIllegalArgumentException().isThrownBy(() -> new Retention(periods));
    }

    @Test
    void noKindMayBeLeftOut() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Retention(Map.of(Kind.MODEL, Duration.ofDays(1))));
    }
}
