package dev.cloakproof.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.platform.errors.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private final RetryPolicy policy = new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void whatNoRetryMendsIsNeverTriedAgain() {
        assertThat(policy.again(Reason.PICTURE_INVALID, 1)).isFalse();
    }

    @Test
    void anExhaustedResourceIsTriedAsOftenAsThePolicySays() {
        assertThat(policy.again(Reason.MEMORY_EXHAUSTED, 2)).isTrue();
        assertThat(policy.again(Reason.MEMORY_EXHAUSTED, 3)).isFalse();
    }

    @Test
    void surroundingsAreWaitedOut() {
        assertThat(policy.again(Reason.STORE_UNAVAILABLE, 1_000)).isTrue();
        assertThat(policy.again(Reason.WORK_TAKEN, 1_000)).isTrue();
    }

    @Test
    void waitsDoubleUpToTheLongestAndVaryByHalf() {
        assertThat(policy.delay(1, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.delay(2, 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.delay(2, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.delay(4, 1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.delay(5_000, 1)).isEqualTo(Duration.ofSeconds(5));
    }
}
