package dev.cloakproof.purifier.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.purify.Methods;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.StepCatalogue;
import dev.cloakproof.purifier.purify.SuperResolutionStep;
import dev.cloakproof.purifier.work.MethodTable.Choice;
import dev.cloakproof.purifier.work.MethodTable.Method;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodTableTest {
    private final MethodTable modelFree = new MethodTable(Methods.catalogue(null, null));
    /** The step is described and never run. */
    private final MethodTable enlarging = new MethodTable(Methods.catalogue(null, new SuperResolutionStep(null, 128)));

    @Test
    void stepsAndNamedChainsAreMethods() {
        assertThat(modelFree.methods())
                .extracting(Method::name)
                .containsExactly("gaussian", "jpeg", "none", "resize", "tvm");
        assertThat(modelFree.methods()).noneMatch(Method::needsPack);
        assertThat(enlarging.methods())
                .filteredOn(Method::needsPack)
                .extracting(Method::name)
                .containsExactly("sr", "tvm-sr-sr");
    }

    @Test
    void aChoiceHoldsEverySetting() {
        Choice choice = modelFree.choose("gaussian", Preset.OFFICIAL, Map.of("kernel", 7.0));
        assertThat(choice.method()).isEqualTo("gaussian");
        assertThat(choice.settings()).isEqualTo(Map.of("kernel", 7.0, "sigma", 5.0));
        assertThat(choice.chain()).hasToString("gaussian(kernel=7, sigma=5)");
    }

    @Test
    void aSettingOfANamedChainCountsWhereverItsStepStands() {
        Choice choice = enlarging.choose("tvm-sr-sr", Preset.PAPER, Map.of("sr_steps", 10.0, "tvm_side", 32.0));
        assertThat(choice.chain().toString())
                .startsWith("tvm(side=32,")
                .matches(".* \\| sr\\(steps=10,.*\\) \\| sr\\(steps=10,.*\\)");
        assertThat(choice.settings()).containsEntry("sr_steps", 10.0).containsEntry("sr_guidance", 9.0);
        assertThat(enlarging
                        .choose(choice.method(), Preset.OFFICIAL, choice.settings())
                        .chain())
                .hasToString(choice.chain().toString());
    }

    @Test
    void settingsThatAChainFixesStayUnlessTheRequestSaysOtherwise() {
        var table =
                new MethodTable(new StepCatalogue(Methods.modelFree(), Map.of("mild", "jpeg(quality=90) | resize")));
        assertThat(table.choose("mild", Preset.PAPER, Map.of()).chain())
                .hasToString("jpeg(quality=90) | resize(side=512)");
        assertThat(table.choose("mild", Preset.PAPER, Map.of("jpeg_quality", 50.0))
                        .chain())
                .hasToString("jpeg(quality=50) | resize(side=512)");
    }

    @Test
    void aChainIsItsOwnName() {
        Choice choice = modelFree.choose("jpeg(quality=60) | gaussian", Preset.PAPER, Map.of());
        assertThat(choice.method()).isEqualTo("jpeg(quality=60) | gaussian(kernel=5, sigma=0)");
        assertThat(choice.settings()).isEmpty();
        assertThat(modelFree.choose(choice.method(), Preset.OFFICIAL, Map.of()).method())
                .isEqualTo(choice.method());
    }

    @ParameterizedTest
    @CsvSource({
        "blur, METHOD_UNKNOWN, parameters.method",
        "codesr, PACK_MISSING, parameters.method",
        "sr, PACK_MISSING, parameters.method",
        "jpeg |, PARAMETER_INVALID, parameters.method",
        "jpeg(quality=0), PARAMETER_INVALID, parameters.method"
    })
    void aMethodThatCannotBeRunIsRefused(String method, Reason reason, String field) {
        Problem problem = refused(method, Map.of());
        assertThat(problem.reason()).isEqualTo(reason);
        assertThat(problem.violations()).extracting(Problem.Violation::field).containsExactly(field);
    }

    @ParameterizedTest
    @CsvSource({
        "jpeg, size, 3, parameters.settings.size",
        "jpeg, quality, 101, parameters.settings.quality",
        "jpeg, quality, 50.5, parameters.settings.quality",
        "jpeg | jpeg, quality, 50, parameters.settings"
    })
    void aSettingThatCannotBeIsRefused(String method, String setting, double value, String field) {
        Problem problem = refused(method, Map.of(setting, value));
        assertThat(problem.reason()).isEqualTo(Reason.PARAMETER_INVALID);
        assertThat(problem.violations()).extracting(Problem.Violation::field).containsExactly(field);
    }

    private Problem refused(String method, Map<String, Double> settings) {
        return catchThrowableOfType(CloakproofException.class, () -> modelFree.choose(method, Preset.PAPER, settings))
                .problem();
    }
}
