package dev.cloakproof.purifier.grpc;

import dev.cloakproof.inference.InferParameter;
import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Problem;
import dev.cloakproof.platform.errors.Problem.Violation;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.work.Plan;
import dev.cloakproof.purifier.work.Plans;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.PurificationParameters;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * Reads what an inference asks for. Its parameters are {@code preset} ("paper", "official" or "corrected"), {@code seed}
 * (a whole number of 0 or more), {@code class_noun}, and the settings of the method by name: numbers, also as text, as
 * some clients have no other way to write a fraction.
 */
@Singleton
class InferencePlans {
    private static final String FIELD = "parameters.";

    private final Plans plans;

    InferencePlans(Plans plans) {
        this.plans = plans;
    }

    /**
     * @param model a purification method, or a chain
     * @param version a model pack; empty for the default one
     * @throws CloakproofException METHOD_UNKNOWN, PACK_MISSING, PACK_DAMAGED or PARAMETER_INVALID
     */
    Plan of(String model, String version, Map<String, InferParameter> parameters) {
        if (model.isBlank()) {
            throw Reason.METHOD_UNKNOWN
                    .problem("expected the name of a purification method as the model's, found none")
                    .at("model_name", "a purification method")
                    .exception();
        }
        PurificationParameters.Builder asked =
                PurificationParameters.newBuilder().setMethod(model);
        parameters.forEach((name, value) -> read(name, value, asked));
        try {
            return plans.of(asked.build(), version);
        } catch (CloakproofException e) {
            throw here(e.problem()).exception(e);
        }
    }

    private static void read(String name, InferParameter value, PurificationParameters.Builder asked) {
        switch (name) {
            case "preset" -> asked.setPreset(preset(value));
            case "seed" -> asked.setSeed(seed(value));
            case "class_noun" -> {
                if (!value.hasStringParam()) {
                    throw invalid(name, "a text", value);
                }
                asked.setClassNoun(value.getStringParam());
            }
            default -> asked.putSettings(name, number(name, value));
        }
    }

    private static Preset preset(InferParameter value) {
        return switch (value.getStringParam()) {
            case "paper" -> Preset.PRESET_PAPER;
            case "official" -> Preset.PRESET_OFFICIAL;
            case "corrected" -> Preset.PRESET_CORRECTED;
            default -> throw invalid("preset", "paper, official or corrected", value);
        };
    }

    private static long seed(InferParameter value) {
        if (value.hasUint64Param()) {
            return value.getUint64Param();
        }
        if (value.hasInt64Param() && value.getInt64Param() >= 0) {
            return value.getInt64Param();
        }
        throw invalid("seed", "a whole number of 0 or more", value);
    }

    private static double number(String name, InferParameter value) {
        return switch (value.getParameterChoiceCase()) {
            case DOUBLE_PARAM -> value.getDoubleParam();
            case INT64_PARAM -> value.getInt64Param();
            case UINT64_PARAM -> value.getUint64Param(); // beyond 2^63 it is negative, and out of any range
            case STRING_PARAM -> {
                try {
                    yield Double.parseDouble(value.getStringParam());
                } catch (NumberFormatException e) {
                    throw invalid(name, "a number", value);
                }
            }
            case BOOL_PARAM, PARAMETERCHOICE_NOT_SET -> throw invalid(name, "a number", value);
        };
    }

    private static CloakproofException invalid(String name, String expected, InferParameter value) {
        String found = value.toString().strip();
        return Reason.PARAMETER_INVALID
                .problem(name + ": expected " + expected + ", found " + (found.isEmpty() ? "nothing" : found))
                .at(FIELD + name, "expected " + expected)
                .exception();
    }

    /** The problem with the fields named as this protocol names them. */
    private static Problem here(Problem problem) {
        List<Violation> violations = problem.violations().stream()
                .map(violation -> new Violation(field(violation.field()), violation.description()))
                .toList();
        return new Problem(problem.reason(), problem.message(), problem.metadata(), violations, problem.retryDelay());
    }

    private static String field(String ours) {
        return switch (ours) {
            case "pack" -> "model_version";
            case "parameters.method" -> "model_name";
            case "parameters.settings" -> "parameters";
            default -> ours.replace("parameters.settings.", FIELD);
        };
    }
}
