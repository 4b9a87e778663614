package dev.cloakproof.trainer.work;

import dev.cloakproof.platform.errors.Reason;
import dev.cloakproof.service.packs.Packs;
import dev.cloakproof.service.packs.ServicePack;
import dev.cloakproof.trainer.work.ProtectionMethods.Method;
import dev.cloakproof.trainer.work.ProtectionMethods.Setting;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.ProtectionParameters;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads protection parameters. */
@Singleton
public class ProtectionPlans {
    private final Packs packs;

    ProtectionPlans(Packs packs) {
        this.packs = packs;
    }

    /**
     * @param askedPack empty for the default pack
     * @param seed for a request that leaves it out
     * @throws dev.cloakproof.platform.errors.CloakproofException METHOD_UNKNOWN, PARAMETER_INVALID, PACK_MISSING or
     *     PACK_DAMAGED
     */
    public ProtectionPlan of(ProtectionParameters asked, String askedPack, LongSupplier seed) {
        ServicePack pack = packs.find(askedPack);
        TrainingPlans.model(pack);
        Method method = method(asked.getMethod());
        Set<String> known =
                method.settings().stream().map(Setting::name).collect(Collectors.toCollection(TreeSet::new));
        for (String name : asked.getSettingsMap().keySet()) {
            if (!known.contains(name)) {
                throw Reason.PARAMETER_INVALID
                        .problem(method.name() + " has no setting '" + name + "', only " + known)
                        .with("setting", name)
                        .at("parameters.settings." + name, "one of " + known)
                        .exception();
            }
        }
        Preset preset = TrainingPlans.preset(asked.getPreset());
        var numbers =
                new Numbers("protection", TrainingPlans.suited(pack, asked.getPreset(), "protection"), everySetting());
        ProtectionParameters.Builder all = ProtectionParameters.newBuilder()
                .setMethod(method.name())
                .setPreset(preset)
                .setSeed(asked.hasSeed() ? asked.getSeed() : seed.getAsLong())
                .setBudget(number(
                        numbers,
                        ProtectionMethods.BUDGET,
                        TrainingPlans.given(asked.hasBudget(), asked.getBudget()),
                        preset))
                .setPrecision(TrainingPlans.precision(asked.getPrecision()));
        for (Setting setting : method.settings()) {
            all.putSettings(
                    setting.name(),
                    number(
                            numbers,
                            setting,
                            Optional.ofNullable(asked.getSettingsMap().get(setting.name())),
                            preset));
        }
        var sources = numbers.sources();
        var classPictures =
                TrainingPlans.classPictures(pack, asked.getPreset(), asked.hasSeed() ? asked.getSeed() : 0, sources);
        return new ProtectionPlan(pack, method, classPictures, all.build(), sources);
    }

    private static double number(Numbers numbers, Setting setting, Optional<Double> asked, Preset preset) {
        double usual = preset == Preset.PRESET_OFFICIAL ? setting.official() : setting.paper();
        double value = numbers.number(setting.name(), asked, setting.least(), setting.most(), usual);
        if (setting.whole() && value != Math.rint(value)) {
            throw Reason.PARAMETER_INVALID
                    .problem(setting.name() + ": expected a whole number, found " + value)
                    .at("parameters.settings." + setting.name(), "a whole number")
                    .exception();
        }
        return value;
    }

    private static Method method(String asked) {
        String name = asked.isBlank() ? "aspl" : asked.strip();
        Method method = ProtectionMethods.all().get(name);
        if (method == null) {
            throw Reason.METHOD_UNKNOWN
                    .problem("expected one of "
                            + new TreeSet<>(ProtectionMethods.all().keySet()) + ", found '" + name + "'")
                    .with("method", name)
                    .at("parameters.method", "a method of ListProtectionMethods")
                    .exception();
        }
        return method;
    }

    private static Set<String> everySetting() {
        return Stream.concat(
                        Stream.of(ProtectionMethods.BUDGET),
                        ProtectionMethods.all().values().stream().flatMap(method -> method.settings().stream()))
                .map(Setting::name)
                .collect(Collectors.toSet());
    }
}
