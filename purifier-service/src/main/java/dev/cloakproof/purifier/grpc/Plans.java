package dev.cloakproof.purifier.grpc;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.work.MethodTable;
import dev.cloakproof.purifier.work.MethodTable.Choice;
import dev.cloakproof.purifier.work.PackInfo;
import dev.cloakproof.v1.Precision;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.PurificationParameters;
import jakarta.inject.Singleton;
import java.security.SecureRandom;

/** Reads parameters. */
@Singleton
class Plans {
    private static final int LONGEST_NOUN = 60;

    private final SecureRandom seeds = new SecureRandom();
    private final MethodTable methods;
    private final PackInfo pack;

    Plans(MethodTable methods, PackInfo pack) {
        this.methods = methods;
        this.pack = pack;
    }

    /** @throws CloakproofException METHOD_UNKNOWN, PACK_MISSING or PARAMETER_INVALID */
    Plan of(PurificationParameters asked, String askedPack) {
        if (!askedPack.isEmpty() && !askedPack.equals(pack.name())) {
            throw Reason.PACK_MISSING
                    .problem("expected the pack '" + pack.name() + "' or none, found '" + askedPack + "'")
                    .with("pack", askedPack)
                    .at("pack", "a pack of this server")
                    .exception();
        }
        Preset preset = preset(asked.getPreset());
        String method =
                asked.getMethod().isBlank() ? "codesr" : asked.getMethod().strip();
        Choice choice = methods.choose(method, domain(preset), asked.getSettingsMap());
        PurificationParameters parameters = PurificationParameters.newBuilder()
                .setMethod(choice.method())
                .setPreset(preset)
                .setSeed(asked.hasSeed() ? asked.getSeed() : seeds.nextLong())
                .putAllSettings(choice.settings())
                .setClassNoun(noun(asked.getClassNoun()))
                .setPrecision(precision(asked.getPrecision()))
                .build();
        return new Plan(choice.chain(), parameters);
    }

    private static Preset preset(Preset asked) {
        return switch (asked) {
            case PRESET_UNSPECIFIED -> Preset.PRESET_PAPER;
            case PRESET_PAPER, PRESET_OFFICIAL, PRESET_CORRECTED -> asked;
            case UNRECOGNIZED -> throw invalid("preset", "paper, official or corrected", "another one");
        };
    }

    private static dev.cloakproof.purifier.purify.Preset domain(Preset preset) {
        return switch (preset) {
            case PRESET_OFFICIAL -> dev.cloakproof.purifier.purify.Preset.OFFICIAL;
            case PRESET_CORRECTED -> dev.cloakproof.purifier.purify.Preset.CORRECTED;
            default -> dev.cloakproof.purifier.purify.Preset.PAPER;
        };
    }

    private static String noun(String asked) {
        if (asked.length() > LONGEST_NOUN) {
            throw invalid("class_noun", "at most " + LONGEST_NOUN + " characters", asked.length() + " of them");
        }
        return asked.isBlank() ? "person" : asked;
    }

    /** The networks are in memory in one precision only. */
    private Precision precision(Precision asked) {
        Precision here =
                switch (pack.dtype()) {
                    case F16 -> Precision.PRECISION_FLOAT16;
                    case BF16 -> Precision.PRECISION_BFLOAT16;
                    default -> Precision.PRECISION_FLOAT32;
                };
        if (asked != Precision.PRECISION_UNSPECIFIED && asked != here) {
            throw invalid("precision", "this server's " + here, String.valueOf(asked));
        }
        return here;
    }

    private static CloakproofException invalid(String field, String expected, String found) {
        return Reason.PARAMETER_INVALID
                .problem(field + ": expected " + expected + ", found " + found)
                .at("parameters." + field, "expected " + expected)
                .exception();
    }
}
