package dev.cloakproof.evaluator.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.cloakproof.evaluator.index.RunIndex.CurvePoint;
import dev.cloakproof.v1.Precision;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.TrainingParameters;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void numbersAreShort() {
        assertThat(Texts.plain(5e-4)).isEqualTo("5e-4");
        assertThat(Texts.plain(1.25e-6)).isEqualTo("1.25e-6");
        assertThat(Texts.plain(0)).isEqualTo("0");
        assertThat(Texts.plain(7.5)).isEqualTo("7.5");
        assertThat(Texts.plain(1000)).isEqualTo("1000");
        assertThat(Texts.plain(-3e8)).isEqualTo("-3e8");
        assertThat(Texts.probability(1e-9)).isEqualTo("< 0.001");
        assertThat(Texts.duration(Duration.newBuilder().setSeconds(3725).build()))
                .isEqualTo("1 h 2 min");
        assertThat(Texts.duration(Duration.newBuilder().setSeconds(61).build())).isEqualTo("1 min 1 s");
    }

    @Test
    void everySetFieldOfAMessageIsARow() {
        var message = RunParameters.newBuilder()
                .setPack("mini")
                .setPurification(PurificationParameters.newBuilder()
                        .setPreset(Preset.PRESET_CORRECTED)
                        .setPrecision(Precision.PRECISION_BFLOAT16)
                        .putSettings("kernel_sigma", 1.5))
                .setTraining(
                        TrainingParameters.newBuilder().setDecoupling(false).setLearningRate(5e-6))
                .build();
        assertThat(Fields.of(message))
                .containsExactly(
                        new Fields.Row("pack", "mini"),
                        new Fields.Row("purification, preset", "corrected"),
                        new Fields.Row("purification, settings: kernel sigma", "1.5"),
                        new Fields.Row("purification, precision", "bfloat16"),
                        new Fields.Row("training, decoupling", "no"),
                        new Fields.Row("training, learning rate", "5e-6"));
    }

    @Test
    void aCurveOfAnyNumbersIsAPicture() {
        assertThat(CurvePlot.svg(List.of(), "loss")).isEmpty();
        assertThat(CurvePlot.svg(List.of(new CurvePoint(0, Double.NaN)), "loss"))
                .isEmpty();
        assertThat(CurvePlot.svg(List.of(new CurvePoint(0, 0)), "loss"))
                .contains("<svg", "</svg>")
                .doesNotContain("NaN", "Infinity");
        assertThat(CurvePlot.svg(List.of(new CurvePoint(1, 2), new CurvePoint(9, -1)), "loss"))
                .contains("from 2.000 at step 1 to -1.000 at step 9");
    }

    @Test
    void aTokenComesAsBearerOrAsPassword() {
        String basic = "Basic "
                + Base64.getEncoder()
                        .encodeToString("anybody:secret:token".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(PageDoor.token(null)).isEmpty();
        assertThat(PageDoor.token("Bearer abc")).contains("abc");
        assertThat(PageDoor.token(basic)).contains("secret:token");
        assertThat(PageDoor.token("Basic ???")).isEqualTo(Optional.of(""));
    }
}
