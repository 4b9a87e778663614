package dev.cloakproof.purifier.purify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainTest {
    private final StepCatalogue catalogue =
            new StepCatalogue(Methods.modelFree(), Map.of("twice", "jpeg(quality=90) | gaussian"));

    @Test
    void aChainIsStepsWithAllTheirSettings() {
        Chain chain = catalogue.parse(" jpeg ( quality = 60 )|gaussian ", Preset.PAPER);
        assertThat(chain).hasToString("jpeg(quality=60) | gaussian(kernel=5, sigma=0)");
        assertThat(catalogue.parse(chain.toString(), Preset.OFFICIAL)).hasToString(chain.toString());
    }

    @Test
    void thePresetFillsWhatIsLeftOut() {
        assertThat(catalogue.parse("gaussian()", Preset.OFFICIAL)).hasToString("gaussian(kernel=0, sigma=5)");
        assertThat(catalogue.parse("tvm(side=32)", Preset.OFFICIAL))
                .hasToString("tvm(side=32, drop=0.02, lambda=0.01, interleaved=1, gap=0.001)");
    }

    @Test
    void aNamedMethodStandsForItsSteps() {
        String steps = "jpeg(quality=90) | gaussian(kernel=5, sigma=0)";
        assertThat(catalogue.parse("twice", Preset.PAPER)).hasToString(steps);
        assertThat(catalogue.parse("twice | jpeg", Preset.PAPER)).hasToString(steps + " | jpeg(quality=75)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "\"\"; 0; expected the name of a step",
                "jpeg |; 6; expected the name of a step",
                "jpeg, gaussian; 4; expected '|' or the end",
                "blur; 0; there is no step 'blur', only [gaussian, jpeg, none, resize, tvm, twice]",
                "jpeg(quality=75; 15; expected ',' or ')'",
                "jpeg(quality 75); 13; expected '=' after 'quality'",
                "jpeg(quality=); 13; expected a number",
                "jpeg(quality=1e); 13; '1e' is not a number",
                "jpeg(quality=0); 0; quality: expected a whole number from 1 to 100, found 0",
                "jpeg(quality=75.5); 0; quality: expected a whole number from 1 to 100, found 75.5",
                "tvm(lambda=-1); 0; lambda: expected 0 to 10, found -1",
                "jpeg | jpeg(size=3); 7; jpeg has no setting 'size', only [quality]",
                "jpeg(quality=1, quality=2); 16; 'quality' is given twice"
            })
    void anErrorSaysWhereAndWhat(String text, int position, String message) {
        assertThatThrownBy(() -> catalogue.parse(text, Preset.PAPER))
                .isInstanceOf(ChainException.class)
                .hasMessageStartingWith(message)
                .extracting(e -> ((ChainException) e).position())
                .isEqualTo(position);
    }

    @Test
    void namesAreTakenOnce() {
        assertThatThrownBy(() -> new StepCatalogue(List.of(new JpegStep(), new JpegStep()), Map.of()))
                .hasMessageContaining("two steps are named jpeg");
        assertThatThrownBy(() -> new StepCatalogue(List.of(new JpegStep()), Map.of("jpeg", "jpeg")))
                .hasMessageContaining("a step and a method are named jpeg");
    }

    @Test
    void everyStepIsListedWithMeaningCostAndDefaults() {
        assertThat(catalogue.steps()).hasSize(5).allSatisfy(step -> {
            assertThat(step.meaning()).isNotBlank();
            assertThat(step.cost()).isNotBlank();
            // What does nothing has nothing to set.
            assertThat(step.settings().isEmpty()).isEqualTo(step.name().equals("none"));
            assertThat(step.settings()).allSatisfy(setting -> {
                assertThat(setting.meaning()).isNotBlank();
                assertThat(setting.defaults()).hasSize(3);
                setting.defaults().values().forEach(setting::check);
            });
        });
    }
}
