package dev.cloakproof.platform.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.grpc.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void namesFitErrorInfo() {
        assertThat(Reason.values())
                .allSatisfy(reason -> assertThat(reason.name()).matches("[A-Z][A-Z0-9_]{1,61}[A-Z0-9]"));
    }

    @Test
    void unavailableIsAlwaysRetryableAndBadArgumentsNever() {
        List<Reason> all = Arrays.asList(Reason.values());

        assertThat(all).filteredOn(r -> r.code() == Status.Code.UNAVAILABLE).allMatch(Reason::retryable);
        assertThat(all)
                .filteredOn(r -> r.code() == Status.Code.INVALID_ARGUMENT)
                .noneMatch(Reason::retryable);
    }

    @Test
    void metricLabelsAreLowerCase() {
        assertThat(Reason.QUEUE_FULL.metricLabel()).isEqualTo("queue_full");
    }

    @Test
    void aRetryDelayNeedsARetryableReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reason.PICTURE_INVALID.problem("not a PNG").retryAfter(Duration.ofSeconds(1)));
    }
}
