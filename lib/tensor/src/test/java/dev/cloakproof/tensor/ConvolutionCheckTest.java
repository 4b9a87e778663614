package dev.cloakproof.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionCheckTest {
    /** Half precisions keep 8 and 11 bits; sums of up to 2,880 products stay within a few of their last places. */
    @ParameterizedTest
    @CsvSource({"F32, 1e-5", "BF16, 2e-2", "F16, 3e-3"})
    void convolutionsAndTheirGradientsAreRightForEveryChannelCount(DType dtype, double tolerance) {
        assertThat(ConvolutionCheck.measure(Device.CPU, dtype))
                .allSatisfy(errors -> assertThat(errors.largest()).isLessThan(tolerance));
    }

    @Test
    void theCheckAtStartPasses() {
        ConvolutionCheck.require(Device.CPU);
    }
}
