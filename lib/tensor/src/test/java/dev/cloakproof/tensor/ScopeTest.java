package dev.cloakproof.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void closingFreesWhatWasMadeInside() {
        Tensor inside;
        try (var _ = Scope.open()) {
            inside = Tensor.ones(2);
        }
        Tensor freed = inside;
        assertThatIllegalStateException().isThrownBy(freed::item).withMessageContaining("freed");
    }

    @Test
    void whatIsKeptLivesUntilTheScopeOutsideCloses() {
        Tensor kept;
        try (var _ = Scope.open()) {
            try (var inner = Scope.open()) {
                kept = inner.keep(Tensor.scalar(3));
            }
            assertThat(kept.item()).isEqualTo(3);
        }
        assertThatIllegalStateException().isThrownBy(kept::item);
    }

    @Test
    void aViewOutlivesTheTensorItWasTakenFrom() {
        try (var _ = Scope.open()) {
            Tensor whole = Tensor.range(6);
            Tensor part = whole.narrow(0, 2, 2);
            whole.free();
            assertThat(part.toFloats()).containsExactly(2, 3);
        }
    }

    @Test
    void anUnboundScopeOwnsWhatItTakesAcrossThreads() throws InterruptedException {
        var model = Scope.unbound();
        var made = new Tensor[1];
        Thread.ofPlatform()
                .start(() -> {
                    try (var _ = Scope.open()) {
                        made[0] = model.take(Tensor.scalar(5));
                    }
                })
                .join();
        assertThat(made[0].item()).isEqualTo(5);
        model.close();
        assertThatIllegalStateException().isThrownBy(made[0]::item);
        assertThatIllegalStateException().isThrownBy(() -> {
            try (var _ = Scope.open()) {
                model.take(Tensor.scalar(1));
            }
        });
    }

    @Test
    void keepingLeavesATensorOfAnotherScopeWhereItIs() {
        try (var model = Scope.unbound();
                var _ = Scope.open()) {
            Tensor parameter = model.take(Tensor.scalar(2));
            try (var _ = Scope.open()) {
                Scope.result(() -> parameter);
            }
            assertThat(parameter.item()).isEqualTo(2);
        }
    }

    @Test
    void aTensorMadeOutsideOfAnyScopeIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Tensor.ones(2))
                .withMessageContaining("outside of any Scope");
    }

    @Test
    void scopesCloseInnermostFirst() {
        try (var outer = Scope.open()) {
            try (var _ = Scope.open()) {
                assertThatIllegalStateException().isThrownBy(outer::close);
            }
        }
    }
}
