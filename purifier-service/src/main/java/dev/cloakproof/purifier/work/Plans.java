package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.purifier.work.MethodTable.Choice;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.v1.Precision;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.PurificationParameters;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** Reads parameters. */
@Singleton
public class Plans {
    private static final int LONGEST_NOUN = 60;

    private final SecureRandom seeds = new SecureRandom();
    private final LoadedPacks loaded;
    private final Packs packs;

    Plans(LoadedPacks loaded, Packs packs) {
        this.loaded = loaded;
        this.packs = packs;
    }

    /** As {@link #of(PurificationParameters, String, LongSupplier)}; a seed that is left out is drawn. */
    public Plan of(PurificationParameters asked, String askedPack) {
        return of(asked, askedPack, seeds::nextLong);
    }

    /**
     * @param seed for a request that leaves it out
     * @throws CloakproofException METHOD_UNKNOWN, PACK_MISSING, PACK_DAMAGED or PARAMETER_INVALID
     */
    public Plan of(PurificationParameters asked, String askedPack, LongSupplier seed) {
        LoadedPack pack = loaded.find(askedPack);
        Preset preset = preset(asked.getPreset());
        String method =
                asked.getMethod().isBlank() ? "codesr" : asked.getMethod().strip();
        Choice choice = pack.methods().choose(method, domain(preset), asked.getSettingsMap());
        PurificationParameters parameters = PurificationParameters.newBuilder()
                .setMethod(choice.method())
                .setPreset(preset)
                .setSeed(asked.hasSeed() ? asked.getSeed() : seed.getAsLong())
                .putAllSettings(choice.settings())
                .setClassNoun(noun(asked.getClassNoun()))
                .setPrecision(precision(asked.getPrecision()))
                .build();
        return new Plan(pack, choice.chain(), parameters);
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
                switch (packs.dtype()) {
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
